import { CheckCircleOutlined, CloseCircleOutlined, FormOutlined } from '../../ui/icons.ts';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useCalls, useReference } from '../../api/queries.ts';
import type { AgentView } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { clockDuration, shortInstant } from '../../time/format.ts';
import { EmptyState, ErrorState, LoadingState } from '../../ui/ListState.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { draftKey, hasContent, useDrafts } from './drafts.ts';
import type { FormCall } from './formTarget.ts';

const SHOWN = 12;

interface Props {
  agent: AgentView;
  userId: number;
  onRecall: (call: FormCall) => void;
}

export function LastCalls({ agent, userId, onRecall }: Props) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const queries = useQueryClient();
  const reference = useReference();
  const drafts = useDrafts((state) => state.drafts);
  const { data, error, isPending, refetch } = useCalls({ agent: agent.id, page: 1, page_size: SHOWN });

  // The day's counters move exactly when a call of this agent has ended.
  useEffect(() => {
    void queries.invalidateQueries({ queryKey: ['calls'] });
  }, [queries, agent.answered_today, agent.missed_today, agent.activity]);

  return (
    <section className="panel last-calls" aria-labelledby="last-calls-title">
      <h2 className="panel__title" id="last-calls-title">
        {t('agent.lastCalls')}
      </h2>
      {isPending && <LoadingState />}
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 && <EmptyState text={t('agent.noCalls')} />}
      <ul className="last-calls__list">
        {data?.items.map((row) => {
          const unsent = hasContent(drafts[draftKey(userId, row.id)]);
          const answered = row.outcome === 'answered';
          const disposition = reference?.dispositions.find(({ code }) => code === row.disposition);
          return (
            <li key={row.id} className="last-call">
              <Link to={`/records/${row.id}`}>
                <span className="last-call__who">
                  {row.customer?.name ??
                    (row.caller_number ? <PhoneNumber number={row.caller_number} /> : t('pop.anonymous'))}
                </span>
                <time>{shortInstant(row.started_at, serverNow())}</time>
                {/* Without an outcome the call is not in the records yet: nothing is said about it. */}
                {row.outcome !== '' && (
                  <span className="last-call__detail" data-tone={answered ? 'ready' : 'ringing'}>
                    {answered ? <CheckCircleOutlined /> : <CloseCircleOutlined />}
                    {row.disposition ? localized(disposition?.name, row.disposition) : codeWord('outcome', row.outcome)}
                  </span>
                )}
                <span className="last-call__talk">{row.talk_ms ? clockDuration(row.talk_ms / 1000) : ''}</span>
              </Link>
              {unsent && (
                <button
                  type="button"
                  className="last-call__draft"
                  onClick={() => onRecall({ callId: row.id, number: row.caller_number })}
                >
                  <FormOutlined /> {t('agent.draft')} · {t('wrapUp.recall')}
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
