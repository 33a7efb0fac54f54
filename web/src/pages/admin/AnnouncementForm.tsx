/** An emergency announcement: to whom, from when until when, and what is said before the flow begins. */

import { useTranslation } from 'react-i18next';
import { type Announcement, hotline } from '../../api/hotline.ts';
import { CheckField, Field, TextField } from './fields.tsx';
import { SaveBar } from './SaveBar.tsx';
import { useEditor } from './useEditor.ts';

interface Props {
  object: Announcement;
  isNew: boolean;
  done: (key: string | null) => void;
}

export const newAnnouncement = (): Announcement => ({
  id: 0,
  title: '',
  texts: {},
  prompt: '',
  dialled: [],
  areas: [],
  active_from: null,
  active_until: null,
  enabled: true,
  hang_up: false,
  version: 0,
});

export function AnnouncementForm({ object, isNew, done }: Props) {
  const { t } = useTranslation();
  const editor = useEditor(object);
  const { draft, change, errorAt } = editor;
  const say = (language: string, text: string): void => {
    const texts = Object.fromEntries(Object.entries({ ...draft.texts, [language]: text }).filter(([, said]) => said));
    change({ texts, prompt: '' });
  };
  return (
    <form className="form" onSubmit={(event) => event.preventDefault()}>
      <h2>{isNew ? t('admin.announcement.new') : object.title}</h2>
      <div className="form__grid">
        <TextField
          label={t('admin.announcement.title')}
          hint={t('admin.announcement.titleHint')}
          error={errorAt('title')}
          value={draft.title}
          onChange={(title) => change({ title })}
        />
        <CheckField
          label={t('admin.announcement.enabled')}
          hint={t('admin.announcement.enabledHint')}
          value={draft.enabled ?? true}
          onChange={(enabled) => change({ enabled })}
        />
        <TextField
          wide
          label={t('admin.announcement.chinese')}
          hint={t('admin.announcement.textHint')}
          error={errorAt('texts')}
          value={draft.texts?.['zh-CN'] ?? ''}
          onChange={(text) => say('zh-CN', text)}
        />
        <TextField
          wide
          label={t('admin.announcement.english')}
          hint={t('admin.announcement.textHint')}
          value={draft.texts?.en ?? ''}
          onChange={(text) => say('en', text)}
        />
        <TextField
          label={t('admin.announcement.prompt')}
          hint={t('admin.announcement.promptHint')}
          error={errorAt('prompt')}
          value={draft.prompt ?? ''}
          onChange={(prompt) => change(prompt === '' ? { prompt } : { prompt, texts: {} })}
        />
        <CheckField
          label={t('admin.announcement.hangUp')}
          hint={t('admin.announcement.hangUpHint')}
          value={draft.hang_up ?? false}
          onChange={(hang_up) => change({ hang_up })}
        />
        <WordsField
          label={t('admin.announcement.areas')}
          hint={t('admin.announcement.areasHint')}
          error={errorAt('areas')}
          value={draft.areas ?? []}
          onChange={(areas) => change({ areas })}
        />
        <WordsField
          label={t('admin.announcement.dialled')}
          hint={t('admin.announcement.dialledHint')}
          error={errorAt('dialled')}
          value={draft.dialled ?? []}
          onChange={(dialled) => change({ dialled })}
        />
        <InstantField
          label={t('admin.announcement.from')}
          hint={t('admin.announcement.fromHint')}
          error={errorAt('active_from')}
          value={draft.active_from ?? null}
          onChange={(active_from) => change({ active_from })}
        />
        <InstantField
          label={t('admin.announcement.until')}
          hint={t('admin.announcement.untilHint')}
          error={errorAt('active_until')}
          value={draft.active_until ?? null}
          onChange={(active_until) => change({ active_until })}
        />
      </div>
      <SaveBar
        editor={editor}
        save={async (wanted) => {
          const made = await hotline.putAnnouncement(wanted);
          editor.replace(made);
          if (isNew) done(String(made.id));
        }}
        remove={isNew ? undefined : () => hotline.deleteAnnouncement(object.id)}
        onRemoved={() => done(null)}
      />
    </form>
  );
}

interface ValueProps<T> {
  label: string;
  hint: string;
  error: string | undefined;
  value: T;
  onChange: (value: T) => void;
}

/** Several words with commas between them, Chinese ones too. What is being typed stays as it is. */
function WordsField({ value, onChange, ...field }: ValueProps<string[]>) {
  return (
    <Field {...field}>
      {(ids) => (
        <input
          className="field"
          {...ids}
          defaultValue={value.join('，')}
          onChange={(event) => onChange(event.target.value.split(/[,，、\s]+/).filter((word) => word !== ''))}
        />
      )}
    </Field>
  );
}

/** An instant as this computer's clock shows it; empty: open. */
function InstantField({ value, onChange, ...field }: ValueProps<number | null>) {
  const shown = value === null ? '' : localInput(new Date(value * 1000));
  return (
    <Field {...field}>
      {(ids) => (
        <input
          className="field"
          type="datetime-local"
          {...ids}
          value={shown}
          onChange={(event) => {
            const at = new Date(event.target.value).getTime();
            onChange(Number.isNaN(at) ? null : at / 1000);
          }}
        />
      )}
    </Field>
  );
}

function localInput(at: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
