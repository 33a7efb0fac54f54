/** Whether what is typed is kept, and what to do when somebody else worked on the same file. */

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { FlowFileText } from '../../api/types.ts';
import { dateTime } from '../../time/format.ts';
import { EditFilled, WarningFilled } from '../../ui/icons.ts';
import { showToast } from '../../ui/toasts.ts';
import { useProblemText } from '../../ui/useProblemText.ts';
import type { Draft } from './flowFile.ts';
import { refreshFlows } from './History.tsx';

interface Props {
  loaded: FlowFileText;
  draft: Draft;
  editable: boolean;
  reload: () => void;
}

export function DraftState({ loaded, draft, editable, reload }: Props) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const queries = useQueryClient();
  const drop = useMutation({
    mutationFn: async () => {
      const now = await api.flowFile(loaded.file);
      if (now.draft) await api.dropFlowDraft(loaded.file, now.draft.revision);
    },
    onError: (error) => showToast('error', problemText(error)),
    onSettled: () => refreshFlows(queries),
  });
  if (draft.state === 'conflict') {
    return (
      <div className="draft-state" role="alert" data-tone="danger" data-testid="draft-state" data-state="conflict">
        <WarningFilled /> {problemText(draft.problem)}
        <button type="button" className="button button--small" onClick={reload}>
          {t('flows.takeTheirs')}
        </button>
        <button type="button" className="button button--small" onClick={draft.insist}>
          {t('flows.keepMine')}
        </button>
      </div>
    );
  }
  const removes = loaded.draft !== null && loaded.draft.text === null;
  const outdated = loaded.draft !== null && loaded.draft.base !== loaded.hash;
  return (
    <div className="draft-state" data-testid="draft-state" data-state={draft.state}>
      {draft.differs || removes ? (
        <>
          <span className="status" data-tone={draft.state === 'failed' || outdated ? 'danger' : 'break'} role="status">
            <EditFilled />
            {removes ? t('flows.willBeRemoved') : t(`flows.saving.${draft.state}`)}
            {draft.problem !== null && ` ${problemText(draft.problem)}`}
          </span>
          {loaded.draft && (
            <small className="quiet">
              {loaded.draft.author} · {dateTime(loaded.draft.saved_at)}
            </small>
          )}
          {outdated && <small className="walk__problem">{t('flows.outdated')}</small>}
          {editable && (
            <button
              type="button"
              className="button button--small button--quiet"
              onClick={() => drop.mutate()}
              data-testid="drop-draft"
            >
              {t('flows.dropDraft')}
            </button>
          )}
        </>
      ) : (
        <small className="quiet">
          {loaded.release > 0 ? t('flows.asReleased', { number: loaded.release }) : t('flows.asFiles')}
        </small>
      )}
    </div>
  );
}
