/** Opening hours under a name: by weekday, on public holidays, on single days. */

import { useTranslation } from 'react-i18next';
import { type CalendarSetup, hotline } from '../../api/hotline.ts';
import { Field, NamesField, SelectField, TextField } from './fields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useEditor } from './useEditor.ts';

interface Props {
  object: CalendarSetup;
  isNew: boolean;
  done: (key: string | null) => void;
}

export const newCalendar = (): CalendarSetup => ({
  name: '',
  title: {},
  timezone: '',
  weekly: { 'mon-fri': '08:30-17:30' },
  holidays: 'china',
  holiday_hours: 'closed',
  days: {},
  version: 0,
});

export function CalendarForm({ object, isNew, done }: Props) {
  const { t } = useTranslation();
  const editor = useEditor(object);
  const { draft, change, errorAt } = editor;
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.calendar.new') : object.name}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('name')}
            value={draft.name}
            onChange={(name) => change({ name })}
          />
        )}
        <NamesField value={draft.title ?? {}} error={errorAt('title')} onChange={(title) => change({ title })} />
        <PairsField
          label={t('admin.calendar.weekly')}
          hint={t('admin.calendar.weeklyHint')}
          error={errorAt('weekly') ?? errorAt('')}
          value={draft.weekly ?? {}}
          onChange={(weekly) => change({ weekly })}
        />
        <PairsField
          label={t('admin.calendar.days')}
          hint={t('admin.calendar.daysHint')}
          error={errorAt('days')}
          value={draft.days ?? {}}
          onChange={(days) => change({ days })}
        />
        <SelectField
          label={t('admin.calendar.holidays')}
          hint={t('admin.calendar.holidaysHint')}
          value={draft.holidays ?? 'china'}
          choices={(['china', 'none'] as const).map((value) => ({ value, name: t(`admin.calendar.of.${value}`) }))}
          onChange={(holidays) => change({ holidays: holidays as 'china' })}
        />
        <TextField
          label={t('admin.calendar.holidayHours')}
          hint={t('admin.calendar.holidayHoursHint')}
          error={errorAt('holiday_hours')}
          value={draft.holiday_hours ?? 'closed'}
          onChange={(holiday_hours) => change({ holiday_hours })}
        />
        <TextField
          label={t('admin.calendar.timezone')}
          hint={t('admin.calendar.timezoneHint')}
          error={errorAt('timezone')}
          value={draft.timezone ?? ''}
          onChange={(timezone) => change({ timezone })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          editor.replace(await hotline.putCalendar(wanted));
          if (isNew) done(wanted.name);
        }}
        remove={isNew ? undefined : () => hotline.deleteCalendar(object.name)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

interface PairsProps {
  label: string;
  hint: string;
  error: string | undefined;
  value: Record<string, string>;
  onChange: (value: Record<string, string>) => void;
}

/** One line for each: `mon-fri: 08:30-12:00, 13:30-17:30`. */
function PairsField({ value, onChange, ...field }: PairsProps) {
  const lines = Object.entries(value).map(([name, hours]) => `${name}: ${hours}`);
  return (
    <Field wide {...field}>
      {(ids) => (
        <textarea
          className="field"
          rows={Math.max(3, lines.length + 1)}
          {...ids}
          defaultValue={lines.join('\n')}
          onChange={(event) => onChange(pairs(event.target.value))}
        />
      )}
    </Field>
  );
}

function pairs(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const [name = '', ...hours] = line.split(':');
      return [name.trim(), hours.join(':').trim()];
    }),
  );
}
