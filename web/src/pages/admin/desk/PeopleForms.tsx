/** Somebody of the directory, and a day that differs from the public calendar. */

import { useTranslation } from 'react-i18next';
import { useConfig } from '../../../api/config.ts';
import { deskSettings, type OddDay, type StaffPerson } from '../../../api/deskSettings.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { CheckField, Field, NamesField, SelectField, TextField } from '../fields.tsx';
import { SaveBar } from '../SaveBar.tsx';
import { useEditor } from '../useEditor.ts';
import { useWrong } from './fields.tsx';
import type { FormProps } from './PlaceForms.tsx';

export const newPerson = (): StaffPerson => ({
  id: 0,
  name: '',
  title: '',
  unit_id: '',
  user_id: null,
  phone: '',
  mobile: '',
  email: '',
  on_duty: true,
  retired: false,
  version: '',
});
export const newDay = (): OddDay => ({ day: '', kind: 'holiday', name: {} });

const TEXTS = ['name', 'title', 'phone', 'mobile', 'email'] as const;

export function StaffForm({ object: person, isNew, done, setup }: FormProps<StaffPerson>) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const wrong = useWrong();
  const users = useConfig('users').data ?? [];
  const editor = useEditor(person);
  const { draft, change, errorAt } = editor;
  const none = { value: '', name: t('common.none') };
  const taken = editor.problem?.errorId === 'taken' ? t('desk.settings.wrong.taken') : undefined;
  return (
    <form className="form" data-testid="staff-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('desk.settings.newPerson') : person.name}</h2>
      <div className="form__grid">
        {TEXTS.map((name) => (
          <TextField
            key={name}
            label={t(`desk.settings.person.${name}`)}
            hint={t(`desk.settings.personHint.${name}`)}
            error={wrong(errorAt(name))}
            value={draft[name]}
            onChange={(text) => change({ [name]: text })}
          />
        ))}
        <SelectField
          label={t('desk.field.unit_id')}
          hint={t('desk.settings.personUnitHint')}
          error={wrong(errorAt('unit_id'))}
          value={draft.unit_id}
          choices={[none, ...setup.units.map(({ id, name }) => ({ value: id, name: localized(name, id) }))]}
          onChange={(unit_id) => change({ unit_id })}
        />
        <SelectField
          label={t('desk.settings.account')}
          hint={t('desk.settings.accountHint')}
          error={taken ?? wrong(errorAt('user_id'))}
          value={String(draft.user_id ?? '')}
          choices={[none, ...users.map((user) => ({ value: String(user.id), name: `${user.login} ${user.name}` }))]}
          onChange={(user) => change({ user_id: user === '' ? null : Number(user) })}
        />
        <CheckField
          label={t('desk.directory.onDuty')}
          hint={t('desk.settings.onDutyHint')}
          value={draft.on_duty}
          onChange={(on_duty) => change({ on_duty })}
        />
        <CheckField
          label={t('desk.settings.left')}
          hint={t('desk.settings.leftHint')}
          value={draft.retired}
          onChange={(retired) => change({ retired })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async ({ id, name, title, unit_id, user_id, phone, mobile, email, on_duty, retired, version }) => {
          const sent = { id, name, title, unit_id, user_id, phone, mobile, email, on_duty, retired, version };
          const saved = await deskSettings.putStaff(sent);
          done(String(saved.id));
        }}
      />
    </form>
  );
}

export function DayForm({ object: day, isNew, done }: Omit<FormProps<OddDay>, 'setup'>) {
  const { t } = useTranslation();
  const editor = useEditor(day);
  const { draft, change, errorAt } = editor;
  return (
    <form className="form" data-testid="day-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('desk.settings.newDay') : day.day}</h2>
      <div className="form__grid">
        {isNew && (
          <Field label={t('desk.settings.day')} hint={t('desk.settings.dayHint')} error={errorAt('day')}>
            {(ids) => (
              <input
                className="field"
                type="date"
                {...ids}
                value={draft.day}
                data-testid="day-date"
                onChange={(event) => change({ day: event.target.value })}
              />
            )}
          </Field>
        )}
        <SelectField
          label={t('desk.settings.dayKind')}
          hint={t('desk.settings.dayKindHint')}
          value={draft.kind}
          choices={(['holiday', 'working_day'] as const).map((kind) => ({
            value: kind,
            name: t(`desk.settings.dayKinds.${kind}`),
          }))}
          onChange={(kind) => change({ kind: kind as OddDay['kind'] })}
        />
        <NamesField value={draft.name ?? {}} error={errorAt('name')} onChange={(name) => change({ name })} />
      </div>
      <SaveBar
        editor={editor}
        save={deskSettings.putDay}
        onSaved={(saved) => isNew && done(saved.day)}
        remove={isNew ? undefined : () => deskSettings.deleteDay(day.day)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}
