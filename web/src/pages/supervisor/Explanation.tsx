/** Why a call waits or where it went: the routing engine's codes and figures, in the person's language. */

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useDecisions, useExplanation, useReference } from '../../api/queries.ts';
import type { Explanation as Explained } from '../../api/types.ts';
import { useCodeWord, useLocalized } from '../../i18n/words.ts';
import { serverNow } from '../../time/clock.ts';
import { clockDuration } from '../../time/format.ts';
import { Decisions } from '../../ui/Decisions.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { ErrorState, LoadingState } from '../../ui/ListState.tsx';

export function Explanation({ callId, onClose }: { callId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error, isPending, refetch } = useExplanation(callId);
  const decisions = useDecisions(callId);
  return (
    <Dialog title={t('supervisor.explainTitle')} open={callId !== null} onClose={onClose} wide>
      {isPending && <LoadingState />}
      {error && <ErrorState error={error} onRetry={() => void refetch()} />}
      {data && <Account explained={data} />}
      {decisions.error && <ErrorState error={decisions.error} onRetry={() => void decisions.refetch()} />}
      {decisions.data && (
        <>
          <h3>{t('explain.decisions')}</h3>
          <Decisions decisions={decisions.data} />
        </>
      )}
    </Dialog>
  );
}

function Account({ explained }: { explained: Explained }) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const reference = useReference();
  const skillWords = (wanted: string): string =>
    wanted.replace(/[\w.-]+/g, (word) => localized(reference?.skills[word], word));
  const { expected_wait_s: p50, expected_wait_p90_s: p90, next_step_at: next } = explained;
  return (
    <div className="explanation" data-testid="explanation" data-outcome={explained.outcome}>
      <p>
        <strong>{t(`explain.outcome.${explained.outcome}`)}</strong>
      </p>
      <dl>
        {explained.agents.length > 0 && (
          <Line label={t('explain.with')}>{explained.agents.map((one) => `${one.name} ${one.number}`).join(', ')}</Line>
        )}
        {explained.position !== null && <Line label={t('explain.position')}>{explained.position}</Line>}
        {p50 !== null && p90 !== null && (
          <Line label={t('explain.expected')}>
            {t('explain.expectedRange', { p50: clockDuration(p50), p90: clockDuration(p90) })}
          </Line>
        )}
        <Line label={t('explain.wanted')}>{skillWords(explained.wanted) || t('explain.nothingWanted')}</Line>
        {explained.groups.length > 0 && (
          <Line label={t('explain.groups')}>
            {explained.groups.map((group) => localized(reference?.teams[group], group)).join(', ')}
          </Line>
        )}
        {explained.step > 0 && <Line label={t('explain.step')}>{t('explain.steps', { count: explained.step })}</Line>}
        {next !== null && (
          <Line label={t('explain.next')}>
            {t('explain.in', { time: clockDuration(Math.max(0, next - serverNow())) })}
          </Line>
        )}
      </dl>
      <h3>{t('explain.candidates')}</h3>
      {explained.candidates.length === 0 && <p>{t('explain.noCandidates')}</p>}
      <ul className="explanation__agents">
        {explained.candidates.map((one) => (
          <li key={one.agent_id}>
            <span>
              {one.name} {one.number}
            </span>
            <span className="quiet">{one.level > 0 && t('explain.level', { level: one.level })}</span>
            <span>{codeWord('obstacle', one.obstacle)}</span>
          </li>
        ))}
      </ul>
      {explained.missing.length > 0 && (
        <>
          <h3>{t('explain.missing')}</h3>
          <ul className="explanation__agents">
            {explained.missing.map(({ obstacle, agents }) => (
              <li key={obstacle}>
                <span>{codeWord('obstacle', obstacle)}</span>
                <span>{t('explain.count', { count: agents })}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
