import { useTranslation } from 'react-i18next';
import type { QueueView, TotalsView } from '../../api/types.ts';
import { useFeed } from '../../feed/store.ts';
import { useClock } from '../../time/clock.ts';
import { clockDuration, percent } from '../../time/format.ts';
import { StandingMark } from './StandingMark.tsx';
import {
  ABANDON_RATE_TARGET,
  ANSWER_RATE_TARGET,
  ANSWER_SPEED_TARGET_S,
  atLeast,
  atMost,
  serviceLevelTarget,
  share,
  type Standing,
  waitingTarget,
  waitTarget,
} from './targets.ts';

export function KeyFigures() {
  const { t } = useTranslation();
  const totals = useFeed((state) => state.totals);
  const queuesById = useFeed((state) => state.queues);
  if (totals === null) return null;
  const queues = Object.values(queuesById);

  const answerRate = share(totals.answered, totals);
  const abandonRate = share(totals.abandoned, totals);
  const levelTarget = serviceLevelTarget(queues);
  const mostWaiting = waitingTarget(totals);

  return (
    <div className="wb-figures">
      <KeyFigure
        testId="wb-waiting"
        label={t('wallboard.waiting')}
        value={totals.waiting}
        target={`≤ ${mostWaiting}`}
        standing={atMost(totals.waiting, mostWaiting)}
      />
      <LongestWait totals={totals} queues={queues} />
      <KeyFigure
        testId="wb-sl"
        label={t('wallboard.serviceLevel')}
        value={percent(totals.service_level)}
        target={levelTarget === null ? '–' : `≥ ${percent(levelTarget, 0)}`}
        standing={atLeast(totals.service_level, levelTarget ?? 0)}
      />
      <KeyFigure
        testId="wb-speed"
        label={t('wallboard.answerSpeed')}
        value={totals.average_answer_s === null ? '–' : clockDuration(totals.average_answer_s)}
        target={`≤ ${clockDuration(ANSWER_SPEED_TARGET_S)}`}
        standing={atMost(totals.average_answer_s, ANSWER_SPEED_TARGET_S)}
      />
      <KeyFigure
        testId="wb-answered"
        label={t('wallboard.answered')}
        value={totals.answered}
        note={t('wallboard.answerRate', { value: percent(answerRate) })}
        target={`≥ ${percent(ANSWER_RATE_TARGET, 0)}`}
        standing={atLeast(answerRate, ANSWER_RATE_TARGET)}
      />
      <KeyFigure
        testId="wb-abandoned"
        label={t('wallboard.abandoned')}
        value={totals.abandoned}
        note={t('wallboard.abandonRate', { value: percent(abandonRate) })}
        target={`≤ ${percent(ABANDON_RATE_TARGET, 0)}`}
        standing={atMost(abandonRate, ABANDON_RATE_TARGET)}
      />
    </div>
  );
}

/** Alone in reading the clock: the other figures change only with the feed. */
function LongestWait({ totals, queues }: { totals: TotalsView; queues: QueueView[] }) {
  const { t } = useTranslation();
  const since = totals.longest_wait_since;
  const waited = useClock((clock) => (since === null ? 0 : Math.max(0, Math.floor(clock.now - since))));
  const target = waitTarget(queues);
  return (
    <KeyFigure
      testId="wb-longest"
      label={t('wallboard.longest')}
      value={since === null ? '–' : clockDuration(waited)}
      target={Number.isFinite(target) ? `≤ ${clockDuration(target)}` : '–'}
      standing={atMost(waited, target)}
    />
  );
}

interface KeyFigureProps {
  testId: string;
  label: string;
  value: string | number;
  note?: string;
  target: string;
  standing: Standing;
}

function KeyFigure({ testId, label, value, note, target, standing }: KeyFigureProps) {
  const { t } = useTranslation();
  return (
    <section className="wb-figure panel" data-standing={standing}>
      <h2>
        {label}
        {note && <small>{note}</small>}
      </h2>
      <p className="wb-figure__value" data-testid={testId}>
        {value}
      </p>
      <p className="wb-figure__foot">
        <StandingMark standing={standing} />
        <span>{t('wallboard.target', { value: target })}</span>
      </p>
    </section>
  );
}
