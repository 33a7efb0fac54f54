/** What routing decided about one call, oldest first, with the figures it went by. */

import { useTranslation } from 'react-i18next';
import { useReference } from '../api/queries.ts';
import type { Decision } from '../api/types.ts';
import { useCodeWord, useLocalized } from '../i18n/words.ts';
import './decisions.css';
import { clockDuration, timeOfDay } from '../time/format.ts';

export function Decisions({ decisions }: { decisions: Decision[] }) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const localized = useLocalized();
  const reference = useReference();
  const why = useWhy();
  if (decisions.length === 0) return <p className="quiet">{t('explain.noDecisions')}</p>;
  return (
    <ul className="decisions" data-testid="decisions">
      {decisions.map((one, index) => (
        <li key={index} data-decision={one.decision}>
          <time>{timeOfDay(one.at)}</time>
          <span>
            {codeWord('decision', one.decision)}
            {one.agent && ` ${one.agent.name} ${one.agent.number}`}
            {one.decision === 'overflowed' &&
              ` ${localized(reference?.queues.find(({ id }) => id === one.queue_id)?.name, one.queue_id)}`}
          </span>
          <span className="quiet">
            {[...why(one), one.reason && codeWord('decisionReason', one.reason)].filter(Boolean).join(' · ')}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The reasons of an offer as short phrases. */
function useWhy(): (decision: Decision) => string[] {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  return ({ params }) => {
    const { strategy, last_agent, waited_s, idle_s, level, step } = params;
    if (typeof strategy !== 'string') return [];
    const phrases = [last_agent === true ? t('decisionWhy.last_agent') : codeWord('strategy', strategy)];
    if (typeof waited_s === 'number') phrases.push(t('decisionWhy.waited', { time: clockDuration(waited_s) }));
    if (typeof idle_s === 'number') phrases.push(t('decisionWhy.idle', { time: clockDuration(idle_s) }));
    if (typeof level === 'number' && level > 0) phrases.push(t('decisionWhy.level', { level }));
    if (typeof step === 'number' && step > 0) phrases.push(t('decisionWhy.step', { step }));
    return phrases;
  };
}
