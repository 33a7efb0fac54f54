/** Recorded prompts: which there are, who plays them, what is missing; listen, upload, go back, remove. */

import { type ChangeEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hotline, type PromptLine, usePrompts, usePromptsChanged } from '../../api/hotline.ts';
import { asProblem } from '../../api/problem.ts';
import { serverNow } from '../../time/clock.ts';
import { shortInstant } from '../../time/format.ts';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';

const LANGUAGES = ['zh-CN', 'en', 'any'] as const;

export function PromptsPanel() {
  const { t } = useTranslation();
  const { data, error, refetch } = usePrompts();
  const [name, setName] = useState('');
  const [language, setLanguage] = useState<string>('zh-CN');
  const { upload, act } = useActions();
  if (error !== null && data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <LoadingState />;
  const incomplete = data.value_sets.filter(({ missing, needed }) => missing.length < needed.length);
  return (
    <section className="panel prompts" aria-label={t('admin.sections.prompts')}>
      <div className="prompts__new">
        <input
          className="field"
          aria-label={t('admin.prompt.name')}
          placeholder={t('admin.prompt.name')}
          value={name}
          data-testid="prompt-name"
          onChange={(event) => setName(event.target.value.trim())}
        />
        <select
          className="field"
          aria-label={t('admin.prompt.language')}
          value={language}
          onChange={(event) => setLanguage(event.target.value)}
        >
          {LANGUAGES.map((each) => (
            <option key={each} value={each}>
              {t(`admin.prompt.of.${each}`)}
            </option>
          ))}
        </select>
        <UploadButton
          disabled={name === ''}
          testId="prompt-upload"
          onFile={async (file) => {
            if (await upload(name, language, file)) setName('');
          }}
        />
        <small className="quiet">{t('admin.prompt.hint')}</small>
      </div>
      <div className="prompts__table">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('admin.prompt.name')}</th>
              <th scope="col">{t('admin.prompt.language')}</th>
              <th scope="col">{t('admin.prompt.state')}</th>
              <th scope="col">{t('admin.prompt.users')}</th>
              <th scope="col">{t('admin.prompt.sound')}</th>
              <th scope="col">{t('admin.prompt.change')}</th>
            </tr>
          </thead>
          <tbody>
            {data.prompts.map((line) => (
              <Row key={`${line.prompt} ${line.language}`} line={line} upload={upload} act={act} />
            ))}
          </tbody>
        </table>
        {data.prompts.length === 0 && <p className="quiet">{t('admin.nothing')}</p>}
      </div>
      {incomplete.length > 0 && (
        <details className="prompts__sets">
          <summary>{t('admin.prompt.sets')}</summary>
          <ul>
            {incomplete.map(({ form, language: of, needed, missing }) => (
              <li key={`${of} ${form}`}>
                {`${form} · ${of}: ${String(needed.length - missing.length)}/${String(needed.length)}`}{' '}
                <code>{missing.join(' ')}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

type Actions = ReturnType<typeof useActions>;

function useActions() {
  const { t } = useTranslation();
  const changed = usePromptsChanged();
  const problemText = useProblemText();
  const act = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await changed();
      return true;
    } catch (error) {
      showToast('error', problemText(asProblem(error)));
      return false;
    }
  };
  return {
    act,
    upload: (prompt: string, language: string, file: Blob): Promise<boolean> =>
      act(async () => {
        const row = await hotline.uploadPrompt(prompt, language, file);
        showToast('info', t(row.clipped ? 'admin.prompt.clipped' : 'admin.prompt.uploaded', { prompt }));
      }),
  };
}

function Row({ line, upload, act }: { line: PromptLine } & Actions) {
  const { t } = useTranslation();
  const { prompt, language, uploaded, exists, users } = line;
  const earlier = (uploaded?.version ?? 1) - 1;
  return (
    <tr data-testid={`prompt-row-${prompt}-${language}`}>
      <th scope="row">
        <code>{prompt}</code>
      </th>
      <td>{t(`admin.prompt.of.${language as 'any'}`)}</td>
      <td>
        {uploaded
          ? t('admin.prompt.version', {
              version: uploaded.version,
              author: uploaded.author,
              at: shortInstant(uploaded.at, serverNow()),
            })
          : t(exists ? 'admin.prompt.file' : 'admin.prompt.missing')}
      </td>
      <td>{users.join(' ')}</td>
      <td>
        {exists && (
          <audio
            controls
            preload="none"
            aria-label={t('admin.prompt.listen', { prompt })}
            src={hotline.soundUrl(prompt, language, uploaded?.version ?? 0)}
          />
        )}
      </td>
      <td>
        <span className="prompts__actions">
          <UploadButton onFile={(file) => upload(prompt, language, file)} />
          {uploaded && earlier > 0 && (
            <button
              type="button"
              className="button button--small"
              onClick={() => void act(() => hotline.restorePrompt(prompt, language, earlier))}
            >
              {t('admin.prompt.back', { version: earlier })}
            </button>
          )}
          {uploaded && (
            <button
              type="button"
              className="button button--small button--outline-danger"
              onClick={() => void act(() => hotline.deletePrompt(prompt, language))}
            >
              {t('admin.delete')}
            </button>
          )}
        </span>
      </td>
    </tr>
  );
}

interface UploadProps {
  disabled?: boolean;
  testId?: string;
  onFile: (file: Blob) => Promise<unknown>;
}

function UploadButton({ disabled = false, testId, onFile }: UploadProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const take = async (event: ChangeEvent<HTMLInputElement>): Promise<void> => {
    const input = event.target;
    const file = input.files?.[0];
    if (file === undefined) return;
    setBusy(true);
    await onFile(file);
    input.value = '';
    setBusy(false);
  };
  return (
    <label className="button button--small prompts__upload" data-pending={busy} aria-disabled={disabled || busy}>
      {t('admin.prompt.upload')}
      <input
        type="file"
        accept="audio/*,.wav"
        disabled={disabled || busy}
        data-testid={testId}
        onChange={(event) => void take(event)}
      />
    </label>
  );
}
