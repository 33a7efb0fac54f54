/** A shift (班次): its hours on each weekday; an end at or before the beginning lies on the next day. */

import { useTranslation } from 'react-i18next';
import { hotline, type ShiftSetup } from '../../api/hotline.ts';
import { TextField } from './fields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useEditor } from './useEditor.ts';

interface Props {
  object: ShiftSetup;
  isNew: boolean;
  done: (key: string | null) => void;
}

const WEEKDAYS = ['1', '2', '3', '4', '5', '6', '7'] as const;

export const newShift = (): ShiftSetup => ({
  name: '',
  hours: Object.fromEntries(WEEKDAYS.slice(0, 5).map((weekday) => [weekday, '08:00-16:00'])),
});

export function ShiftForm({ object, isNew, done }: Props) {
  const { t } = useTranslation();
  const editor = useEditor(object);
  const { draft, change, errorAt } = editor;
  const setHours = (weekday: string, text: string): void => {
    const hours = { ...draft.hours, [weekday]: text };
    change({ hours: Object.fromEntries(Object.entries(hours).filter(([, written]) => written.trim() !== '')) });
  };
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.shift.new') : object.name}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            wide
            label={t('admin.shift.name')}
            hint={t('admin.shift.nameHint')}
            error={errorAt('name')}
            value={draft.name}
            onChange={(name) => change({ name })}
          />
        )}
        {WEEKDAYS.map((weekday) => (
          <TextField
            key={weekday}
            label={t(`admin.shift.day.${weekday}`)}
            hint={t('admin.shift.hoursHint')}
            error={errorAt(`hours.${weekday}`) ?? (weekday === '1' ? errorAt('hours') : undefined)}
            value={draft.hours[weekday] ?? ''}
            onChange={(text) => setHours(weekday, text)}
          />
        ))}
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const made = await hotline.putShift({ ...wanted, name: wanted.name.trim() });
          editor.replace(made);
          if (isNew) done(made.name);
        }}
        remove={isNew ? undefined : () => hotline.deleteShift(object.name)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}
