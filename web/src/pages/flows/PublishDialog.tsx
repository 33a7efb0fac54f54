/** Putting drafts in force: which ones, why, and what stands in the way. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { asProblem } from '../../api/problem.ts';
import type { FlowFileRow } from '../../api/types.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { showToast } from '../../ui/toasts.ts';
import { refreshFlows } from './History.tsx';
import { RefusalText } from './RefusalText.tsx';

interface Props {
  files: readonly FlowFileRow[];
  release: number;
  onClose: () => void;
}

export function PublishDialog({ files, release, onClose }: Props) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const drafts = files.filter((row) => row.draft !== null);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [note, setNote] = useState('');
  const chosen = drafts.filter(({ file }) => !left.includes(file));
  const publish = useMutation({
    mutationFn: (withoutPrompts: boolean) =>
      api.publishFlows({
        after: release,
        note: note.trim(),
        drafts: Object.fromEntries(chosen.map(({ file, draft }) => [file, draft?.revision ?? 0])),
        without_prompts: withoutPrompts,
      }),
    onSuccess: (row) => {
      showToast('info', t('flows.published', { number: row.number }));
      onClose();
    },
    onSettled: () => refreshFlows(queries),
  });
  const onlyPrompts = publish.error !== null && asProblem(publish.error).errorId === 'prompts_missing';
  return (
    <Dialog
      title={t('flows.publish')}
      open
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          {onlyPrompts && (
            <button type="button" className="button" onClick={() => publish.mutate(true)}>
              {t('flows.publishWithoutPrompts')}
            </button>
          )}
          <button
            type="button"
            className="button button--primary"
            disabled={chosen.length === 0 || note.trim() === ''}
            data-pending={publish.isPending}
            onClick={() => publish.mutate(false)}
            data-testid="publish-now"
          >
            {t('flows.publish')}
          </button>
        </>
      }
    >
      <fieldset className="publish__files">
        <legend>{t('flows.drafts')}</legend>
        {drafts.map(({ file, draft }) => (
          <label key={file}>
            <input
              type="checkbox"
              checked={!left.includes(file)}
              onChange={(event) => setLeft(event.target.checked ? left.filter((one) => one !== file) : [...left, file])}
            />
            {file} <small className="quiet">{draft?.author}</small>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{t('flows.noteTitle')}</span>
        <input
          value={note}
          maxLength={500}
          placeholder={t('flows.notePlaceholder')}
          onChange={(event) => setNote(event.target.value)}
          data-testid="publish-note"
        />
      </label>
      <p className="quiet">{t('flows.publishHint')}</p>
      {publish.error && <RefusalText error={publish.error} />}
    </Dialog>
  );
}
