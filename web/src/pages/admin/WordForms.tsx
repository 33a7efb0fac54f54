/** Skills, teams, reasons and dispositions: a word, its names, and little else. */

import { type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { config, type DispositionSetup, type ReasonCodeSetup, type WordSetup } from '../../api/config.ts';
import { NamesField, NumberField, SelectField, TextField } from './fields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { type Editor, useEditor } from './useEditor.ts';

interface Props<T> {
  object: T;
  isNew: boolean;
  done: (key: string | null) => void;
}

type Kind = 'skill' | 'team' | 'reason_code' | 'disposition';

/** How a kind is stored, and which of its fields is the code that others refer to. */
interface Storage<T> {
  key: keyof T & ('id' | 'code');
  put: (draft: T) => Promise<T>;
  remove: (key: string, version: string) => Promise<unknown>;
}

type Named = Pick<WordSetup, 'name' | 'version'>;

function CodeForm<T extends Named>(props: Props<T> & { kind: Kind; storage: Storage<T>; fields?: Fields<T> }) {
  const { object, isNew, done, kind, storage, fields } = props;
  const { t } = useTranslation();
  const editor = useEditor(object);
  const { draft, change, errorAt } = editor;
  const codeOf = (each: T): string => each[storage.key] as string;
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t(`admin.newOf.${kind}`) : codeOf(object)}</h2>
      <div className="form__grid">
        {isNew && (
          <TextField
            label={t('admin.code')}
            hint={t('admin.codeHint')}
            error={errorAt('id')}
            value={codeOf(draft)}
            onChange={(code) => change({ [storage.key]: code } as Partial<T>)}
          />
        )}
        <NamesField value={draft.name} error={errorAt('name')} onChange={(name) => change({ name } as Partial<T>)} />
        {fields?.(editor)}
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => editor.replace(await storage.put(wanted))}
        onSaved={(saved) => isNew && done(codeOf(saved))}
        remove={isNew ? undefined : () => storage.remove(codeOf(object), object.version ?? '')}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

type Fields<T> = (editor: Editor<T>) => ReactNode;

const WORDS: Record<'skill' | 'team', Storage<WordSetup>> = {
  skill: { key: 'id', put: config.putSkill, remove: config.deleteSkill },
  team: { key: 'id', put: config.putTeam, remove: config.deleteTeam },
};

export function WordForm({ kind, ...props }: Props<WordSetup> & { kind: 'skill' | 'team' }) {
  return <CodeForm {...props} kind={kind} storage={WORDS[kind]} />;
}

const REASONS: Storage<ReasonCodeSetup> = { key: 'code', put: config.putReason, remove: config.deleteReason };

export function ReasonForm(props: Props<ReasonCodeSetup>) {
  const { t } = useTranslation();
  return (
    <CodeForm
      {...props}
      kind="reason_code"
      storage={REASONS}
      fields={(editor) => (
        <>
          <SelectField
            label={t('admin.reason.presence')}
            hint={t('admin.reason.presenceHint')}
            value={editor.draft.presence}
            choices={(['break', 'training'] as const).map((value) => ({ value, name: t(`presence.${value}`) }))}
            onChange={(v) => editor.change({ presence: v as ReasonCodeSetup['presence'] })}
          />
          <NumberField
            label={t('admin.reason.limit')}
            hint={t('admin.reason.limitHint')}
            unit={t('admin.unitSeconds')}
            min={1}
            error={editor.errorAt('limit_s')}
            value={editor.draft.limit_s ?? null}
            onChange={(limit_s) => editor.change({ limit_s })}
          />
          <PositionField editor={editor} />
        </>
      )}
    />
  );
}

const DISPOSITIONS: Storage<DispositionSetup> = {
  key: 'code',
  put: config.putDisposition,
  remove: config.deleteDisposition,
};

export function DispositionForm(props: Props<DispositionSetup>) {
  return (
    <CodeForm
      {...props}
      kind="disposition"
      storage={DISPOSITIONS}
      fields={(editor) => <PositionField editor={editor} />}
    />
  );
}

function PositionField<T extends { position?: number }>({ editor }: { editor: Editor<T> }) {
  const { t } = useTranslation();
  return (
    <NumberField
      label={t('admin.position')}
      hint={t('admin.positionHint')}
      min={0}
      step={1}
      error={editor.errorAt('position')}
      value={editor.draft.position ?? 0}
      onChange={(v) => editor.change({ position: v ?? 0 } as Partial<T>)}
    />
  );
}
