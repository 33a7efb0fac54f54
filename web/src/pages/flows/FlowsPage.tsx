/** Flows for operations: list, drawing with today's callers, source, trying out, differences, history, publishing. */

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { api } from '../../api/client.ts';
import { mayEditFlows, useSession } from '../../api/session.ts';
import type { FlowFileText } from '../../api/types.ts';
import { UploadOutlined } from '../../ui/icons.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { Differences } from './Differences.tsx';
import { Drawing } from './Drawing.tsx';
import { flowAddress } from './address.ts';
import { FlowList } from './FlowList.tsx';
import { DraftState } from './DraftState.tsx';
import { type Draft, useDraft, useFlowFile, useSettled } from './flowFile.ts';
import { History } from './History.tsx';
import { PublishDialog } from './PublishDialog.tsx';
import { Source } from './Source.tsx';
import { TryOut } from './TryOut.tsx';
import './flows.css';

const TABS = ['drawing', 'source', 'try', 'differences'] as const;
type Tab = (typeof TABS)[number];
const FRESH_MS = 5_000;
const CHECK_AFTER_MS = 400;

export default function FlowsPage() {
  const { t } = useTranslation();
  const { name } = useParams(); // without .yaml: an address with a dot would be a file of the pages
  const file = name === undefined ? undefined : `${name}.yaml`;
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [publishing, setPublishing] = useState(false);
  const editable = mayEditFlows(useSession().user.role);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['flows'],
    queryFn: api.flows,
    refetchInterval: FRESH_MS,
  });
  if (isPending) return <LoadingState />;
  if (data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const history = file === undefined && search.get('view') === 'history';
  const first = data.files.find((row) => row.flow !== '')?.file;
  const chosen = history ? undefined : (file ?? first);
  const drafts = data.files.filter((row) => row.draft !== null).length;

  return (
    <div className="flows">
      <aside className="panel flows__list">
        <FlowList overview={data} chosen={chosen} history={history} stale={error !== null} editable={editable} />
        {editable && (
          <div className="flows__publish">
            <button
              type="button"
              className="button button--primary"
              disabled={drafts === 0}
              onClick={() => setPublishing(true)}
              data-testid="publish"
            >
              <UploadOutlined /> {t('flows.publishDrafts', { count: drafts })}
            </button>
          </div>
        )}
      </aside>
      <section className="panel flows__detail" aria-label={chosen ?? t('flows.history')}>
        {history && <History current={data.release.number} editable={editable} />}
        {chosen !== undefined && <FlowFile key={chosen} file={chosen} editable={editable} />}
        {!history && chosen === undefined && <EmptyState text={t('flows.empty')} />}
      </section>
      {publishing && (
        <PublishDialog
          files={data.files}
          release={data.release.number}
          onClose={() => {
            setPublishing(false);
            void navigate(chosen === undefined ? '/flows' : flowAddress(chosen));
          }}
        />
      )}
    </div>
  );
}

function FlowFile({ file, editable }: { file: string; editable: boolean }) {
  const { data, error, isPending, refetch } = useFlowFile(file);
  if (isPending) return <LoadingState />;
  if (data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  const key = `${data.release} ${data.hash} ${data.draft === null ? 'published' : 'draft'}`;
  return <Editing key={key} loaded={data} editable={editable} reload={() => void refetch()} />;
}

interface EditingProps {
  loaded: FlowFileText;
  editable: boolean;
  reload: () => void;
}

function Editing({ loaded, editable, reload }: EditingProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const draft = useDraft(loaded, editable);
  const isFlow = loaded.file !== 'lines.yaml';
  const tabs: readonly Tab[] = isFlow ? TABS : ['source', 'differences'];
  const asked = search.get('tab') as Tab | null;
  const tab: Tab = asked !== null && tabs.includes(asked) ? asked : (tabs[0] ?? 'source');
  const line = Number(search.get('line') ?? 0);
  const changes = useChanges(loaded.file, draft);
  const checked = useQuery({
    queryKey: ['flow-check', changes],
    queryFn: () => api.checkFlows(changes),
    enabled: editable,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const errors = editable ? checked.data?.errors : [];
  const flow = loaded.flow !== '' ? loaded.flow : (/^flow:\s*(\w+)/m.exec(draft.text)?.[1] ?? '');
  const go = (to: Tab, at = 0): void =>
    setSearch(at > 0 ? { tab: to, line: String(at) } : { tab: to }, { replace: true });

  return (
    <div className="flow-file">
      <header className="flow-file__header">
        <h2>{flow !== '' ? flow : loaded.file}</h2>
        <DraftState loaded={loaded} draft={draft} editable={editable} reload={reload} />
        <div className="tabs" role="tablist" aria-label={t('flows.views')}>
          {tabs.map((one) => (
            <button
              key={one}
              type="button"
              role="tab"
              id={`tab-${one}`}
              aria-selected={one === tab}
              aria-controls="flow-view"
              tabIndex={one === tab ? 0 : -1}
              className="tab"
              data-testid={`tab-${one}`}
              onClick={() => go(one)}
              onKeyDown={(event) => {
                const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
                const next = tabs[(tabs.indexOf(one) + step + tabs.length) % tabs.length];
                if (step === 0 || next === undefined) return;
                go(next);
                document.getElementById(`tab-${next}`)?.focus();
              }}
            >
              {t(`flows.tabs.${one}`)}
            </button>
          ))}
        </div>
      </header>
      <div className="flow-file__view" role="tabpanel" id="flow-view" aria-labelledby={`tab-${tab}`}>
        {tab === 'source' && (
          <Source
            file={loaded.file}
            text={draft.text}
            editable={editable}
            errors={errors}
            line={line > 0 ? line : null}
            onWrite={draft.write}
          />
        )}
        {tab === 'drawing' && <DrawingTab flow={flow} changes={changes} onLine={(at) => go('source', at)} />}
        {tab === 'try' && editable && <TryOut flow={flow} changes={changes} />}
        {tab === 'try' && !editable && <EmptyState text={t('flows.onlyOperations')} />}
        {tab === 'differences' && <Differences file={loaded.file} before={draft.published} after={draft.text} />}
      </div>
    </div>
  );
}

/** What would be published, once nobody is typing; nothing where the file is as it was published. */
function useChanges(file: string, draft: Draft): Record<string, string | null> {
  const text = useSettled(draft.text, CHECK_AFTER_MS);
  return text === draft.published ? {} : { [file]: text };
}

interface DrawingTabProps {
  flow: string;
  changes: Record<string, string | null>;
  onLine: (line: number) => void;
}

function DrawingTab({ flow, changes, onLine }: DrawingTabProps) {
  const { t } = useTranslation();
  const changed = Object.keys(changes).length > 0;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['flow-drawing', flow, changes],
    queryFn: () => (changed ? api.drawFlow({ flow, changes }) : api.flowDrawing(flow)),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const today = useQuery({
    queryKey: ['flow-today', flow],
    queryFn: () => api.flowToday(flow),
    refetchInterval: FRESH_MS,
    retry: false,
  });
  if (isPending) return <LoadingState />;
  if (data === undefined) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <>
      {error !== null && <p className="flows__note walk__problem">{t('flows.drawnBefore')}</p>}
      <Drawing drawing={data} today={today.data} onLine={onLine} />
    </>
  );
}
