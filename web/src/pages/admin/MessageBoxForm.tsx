/** A message box: who answers for it, and which phones are rung about what nobody has heard, when and with which PIN. */

import { useTranslation } from 'react-i18next';
import { type BoxRow, callersApi } from '../../api/callers.ts';
import { useConfig } from '../../api/config.ts';
import { useLocalized } from '../../i18n/words.ts';
import { CheckField, NamesField, SelectField, TextField, TicksField } from './fields.tsx';
import { phonesIn } from './phonesIn.ts';
import { SaveBar } from './SaveBar.tsx';
import { useChoices } from './useChoices.ts';
import { useEditor } from './useEditor.ts';

export const newBox = (): BoxRow => ({ name: '', title: {}, version: 0 });

/** `phoneText` as it is typed; `pin` null: as it is, empty: none any more. */
type Draft = BoxRow & { phoneText: string; pin: string | null };
const draftOf = (box: BoxRow): Draft => ({ ...box, phoneText: (box.phones ?? []).join(' '), pin: null });

interface Props {
  object: BoxRow;
  isNew: boolean;
  done: (key: string | null) => void;
}

export function MessageBoxForm({ object: box, isNew, done }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const editor = useEditor(draftOf(box));
  const { draft, change, errorAt } = editor;
  const { teams } = useChoices();
  const agents = (useConfig('agents').data ?? []).filter(({ retired }) => retired !== true);
  const field = (name: string) => ({
    label: t(`admin.box.label.${name}` as 'admin.box.label.phones'),
    hint: t(`admin.box.hint.${name}` as 'admin.box.hint.phones'),
    error: errorAt(name),
  });
  const save = async (wanted: Draft): Promise<void> => {
    const { name, title, teams, agents, mail, language, ring_from, ring_to, pin, version } = wanted;
    const body = { title, teams, agents, mail, language, ring_from, ring_to, pin, version };
    editor.replace(draftOf(await callersApi.putBox(name, { ...body, phones: phonesIn(wanted.phoneText) })));
  };
  return (
    <form className="form" data-testid="box-form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.box.new') : localized(box.title, box.name)}</h2>
      <div className="form__grid">
        {isNew && <TextField {...field('name')} value={draft.name} onChange={(name) => change({ name })} />}
        <NamesField value={draft.title ?? {}} error={errorAt('title')} onChange={(title) => change({ title })} />
        <TextField {...field('mail')} value={draft.mail ?? ''} onChange={(mail) => change({ mail })} />
        <TextField {...field('phones')} value={draft.phoneText} onChange={(phoneText) => change({ phoneText })} wide />
        <TextField
          {...field('ring_from')}
          value={draft.ring_from ?? '08:00'}
          onChange={(at) => change({ ring_from: at })}
        />
        <TextField {...field('ring_to')} value={draft.ring_to ?? '21:00'} onChange={(at) => change({ ring_to: at })} />
        <SelectField
          {...field('language')}
          value={draft.language ?? 'zh-CN'}
          choices={[
            { value: 'zh-CN', name: t('admin.chinese') },
            { value: 'en', name: 'English' },
          ]}
          onChange={(language) => change({ language })}
        />
        <TextField
          {...field('pin')}
          hint={t(draft.has_pin ? 'admin.box.pinKept' : 'admin.box.hint.pin')}
          value={draft.pin ?? ''}
          onChange={(pin) => change({ pin: pin === '' ? null : pin })}
        />
        {draft.has_pin && (
          <CheckField
            label={t('admin.box.label.no_pin')}
            hint={t('admin.box.hint.no_pin')}
            value={draft.pin === ''}
            onChange={(none) => change({ pin: none ? '' : null })}
          />
        )}
      </div>
      <TicksField
        {...field('teams')}
        value={draft.teams ?? []}
        choices={teams}
        onChange={(chosen) => change({ teams: chosen })}
      />
      <TicksField
        {...field('agents')}
        value={(draft.agents ?? []).map(String)}
        choices={agents.map(({ id, name, number }) => ({ value: String(id), name: `${name} ${number}` }))}
        onChange={(chosen) => change({ agents: chosen.map(Number) })}
      />
      <SaveBar
        editor={editor}
        save={save}
        onSaved={({ name }) => isNew && done(name)}
        remove={isNew || !box.version ? undefined : () => callersApi.deleteBox(box.name)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}
