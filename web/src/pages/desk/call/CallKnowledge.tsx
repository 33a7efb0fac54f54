/** The agent's right column: search the knowledge base, read an article or walk a script without leaving the call. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useArticle, useArticles, useBulletins, usePrefill } from '../../../api/deskQueries.ts';
import { useSession } from '../../../api/session.ts';
import type { ScreenPop } from '../../../api/types.ts';
import { serverNow } from '../../../time/clock.ts';
import { dateTime } from '../../../time/format.ts';
import { ArrowLeftOutlined, NotificationOutlined, ReadOutlined, SolutionOutlined } from '../../../ui/icons.ts';
import { ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { useRested } from '../customers/CustomerPicker.tsx';
import { useDeskDrafts } from '../drafts.ts';
import { ArticleView } from '../knowledge/ArticleView.tsx';
import '../desk.css';
import { PlayToCaller } from './PlayToCaller.tsx';

const SHOWN = 6;

export function CallKnowledge({ pop }: { pop: ScreenPop | null }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [words, setWords] = useState('');
  const [reading, setReading] = useState<number | null>(null);
  const callId = pop?.call_id ?? '';
  const prefill = usePrefill(callId, `${pop?.customer?.id ?? 0}:${pop?.entered.length ?? 0}`);
  // The category that is being chosen for this call's order, else what the IVR asked.
  const drafted = useDeskDrafts(({ drafts }) => drafts[`${user.id}:new:call:${callId}`]?.value.category);
  const category = typeof drafted === 'string' && drafted !== '' ? drafted : (prefill.data?.category ?? '');
  const rested = useRested(words);
  const found = useArticles({
    words: rested,
    ...(rested === '' && category !== '' && { category }),
    page: 1,
    page_size: SHOWN,
  });
  const bulletins = useBulletins().data?.filter(({ starts_at }) => starts_at <= serverNow()) ?? [];
  return (
    <section className="panel desk-knowledge" aria-label={t('desk.nav.knowledge')} data-testid="call-knowledge">
      <h2 className="panel__title">
        <span>
          <ReadOutlined /> {t('desk.nav.knowledge')}
        </span>
      </h2>
      <div className="desk-part">
        {bulletins.slice(0, 2).map((bulletin) => (
          <p key={bulletin.id} className="desk-knowledge__bulletin" data-tone="ringing">
            <NotificationOutlined /> {bulletin.title}
            <small> {t('desk.call.until', { at: dateTime(bulletin.ends_at) })}</small>
          </p>
        ))}
        {reading === null ? (
          <>
            <input
              className="field"
              type="search"
              value={words}
              aria-label={t('desk.call.knowledgeSearch')}
              placeholder={t('desk.call.knowledgeSearch')}
              data-testid="call-knowledge-search"
              onChange={(event) => setWords(event.target.value)}
            />
            {found.error && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
            {found.data?.length === 0 && <p className="quiet">{t('desk.call.noKnowledge')}</p>}
            <ul className="desk-rows">
              {found.data?.map((line) => (
                <li key={line.id}>
                  <button
                    type="button"
                    className="desk-link"
                    data-testid={`call-article-${line.id}`}
                    onClick={() => setReading(line.id)}
                  >
                    {line.kind === 'script' ? <SolutionOutlined /> : <ReadOutlined />} {line.title}
                  </button>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <>
            <button type="button" className="button button--small button--quiet" onClick={() => setReading(null)}>
              <ArrowLeftOutlined /> {t('desk.call.knowledgeSearch')}
            </button>
            <Reading key={reading} id={reading} callId={callId} />
          </>
        )}
      </div>
    </section>
  );
}

function Reading({ id, callId }: { id: number; callId: string }) {
  const { data, error, isPending, refetch } = useArticle(id);
  if (isPending) return <LoadingState />;
  if (!data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  return (
    <ArticleView article={data} brief>
      {data.audio !== '' && <PlayToCaller callId={callId} prompt={data.audio} />}
    </ArticleView>
  );
}
