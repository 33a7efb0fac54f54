/** Skills, teams, reasons and dispositions: a word, its names, and little else. */

import { useTranslation } from 'react-i18next';
import { config, type DispositionSetup, type ReasonCodeSetup, type WordSetup } from '../../api/config.ts';
import { NamesField, NumberField, SelectField, TextField } from './fields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useEditor } from './useEditor.ts';

interface Props<T> {
  object: T;
  isNew: boolean;
  done: (key: string | null) => void;
}

export function WordForm({ object: word, isNew, done, kind }: Props<WordSetup> & { kind: 'skill' | 'team' }) {
  const { t } = useTranslation();
  const editor = useEditor(word);
  const { draft, change, errorAt } = editor;
  const [put, remove] = kind === 'skill' ? [config.putSkill, config.deleteSkill] : [config.putTeam, config.deleteTeam];
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t(`admin.newOf.${kind}`) : word.id}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('id')}
            value={draft.id}
            onChange={(id) => change({ id })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await put(wanted))}
        onSaved={(saved) => isNew && done(saved.id)}
        remove={isNew ? undefined : () => remove(word.id, word.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

export function ReasonForm({ object: reason, isNew, done }: Props<ReasonCodeSetup>) {
  const { t } = useTranslation();
  const editor = useEditor(reason);
  const { draft, change, errorAt } = editor;
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.newOf.reason_code') : reason.code}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('id')}
            value={draft.code}
            onChange={(code) => change({ code })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <SelectField
          label={t('admin.reason.presence')}
          hint={t('admin.reason.presenceHint')}
          value={draft.presence}
          choices={(['break', 'training'] as const).map((value) => ({ value, name: t(`presence.${value}`) }))}
          onChange={(v) => change({ presence: v as ReasonCodeSetup['presence'] })}
        />
        <NumberField
          label={t('admin.reason.limit')}
          hint={t('admin.reason.limitHint')}
          unit={t('admin.unitSeconds')}
          min={1}
          error={errorAt('limit_s')}
          value={draft.limit_s ?? null}
          onChange={(limit_s) => change({ limit_s })}
        />
        <NumberField
          label={t('admin.position')}
          hint={t('admin.positionHint')}
          min={0}
          step={1}
          error={errorAt('position')}
          value={draft.position ?? 0}
          onChange={(v) => change({ position: v ?? 0 })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await config.putReason(wanted))}
        onSaved={(saved) => isNew && done(saved.code)}
        remove={isNew ? undefined : () => config.deleteReason(reason.code, reason.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

export function DispositionForm({ object: disposition, isNew, done }: Props<DispositionSetup>) {
  const { t } = useTranslation();
  const editor = useEditor(disposition);
  const { draft, change, errorAt } = editor;
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.newOf.disposition') : disposition.code}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('id')}
            value={draft.code}
            onChange={(code) => change({ code })}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name })} />
        <NumberField
          label={t('admin.position')}
          hint={t('admin.positionHint')}
          min={0}
          step={1}
          error={errorAt('position')}
          value={draft.position ?? 0}
          onChange={(v) => change({ position: v ?? 0 })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await config.putDisposition(wanted))}
        onSaved={(saved) => isNew && done(saved.code)}
        remove={isNew ? undefined : () => config.deleteDisposition(disposition.code, disposition.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}
