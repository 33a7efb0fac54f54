import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueue } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { useClock } from '../../time/clock.ts';
import { clockDuration, percent } from '../../time/format.ts';
import { atLeast, atMost, type Standing } from './targets.ts';

const COLUMNS = [
  'queue',
  'waiting',
  'longest',
  'serviceLevel',
  'answered',
  'abandoned',
  'overflowed',
  'speed',
  'ready',
  'needed',
  'expected',
] as const;

export function Queues({ ids }: { ids: readonly string[] }) {
  const { t } = useTranslation();
  return (
    <section className="wb-queues panel" aria-labelledby="wb-queues-title">
      <h2 className="visually-hidden" id="wb-queues-title">
        {t('wallboard.queues')}
      </h2>
      <table data-rows={ids.length > 3 ? 'many' : 'few'}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col">
                {t(`wallboard.queueColumns.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {ids.map((id) => (
            <QueueRow key={id} id={id} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

const QueueRow = memo(function QueueRow({ id }: { id: string }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const queue = useQueue(id);
  if (!queue) return null;
  const level = atLeast(queue.service_level, queue.service_level_target);
  return (
    <tr data-testid={`wb-queue-${id}`}>
      <th scope="row">
        {localized(queue.name, id)}
        {queue.open === false && <span className="wb-quiet"> {t('agent.queueClosed')}</span>}
      </th>
      <td className={queue.waiting > 0 ? 'wb-strong' : 'wb-quiet'}>{queue.waiting}</td>
      <td>
        <LongestWait since={queue.longest_wait_since} limit={queue.service_level_s} />
      </td>
      <td>
        <ServiceLevelBar level={queue.service_level} target={queue.service_level_target} standing={level} />
      </td>
      <td>
        {queue.answered} <span className="wb-quiet">/ {queue.offered}</span>
      </td>
      <td>
        {queue.abandoned} <span className="wb-quiet">/ {queue.abandoned_short}</span>
      </td>
      <td>{queue.overflowed}</td>
      <td>{queue.average_answer_s === null ? '–' : clockDuration(queue.average_answer_s)}</td>
      <td>
        <span className={queue.agents_ready === 0 && queue.waiting > 0 ? 'wb-alarm' : ''}>{queue.agents_ready}</span>{' '}
        <span className="wb-quiet">/ {queue.agents_signed_in}</span>
      </td>
      <td>
        <NeededAgents
          now={queue.agents_needed ?? null}
          next={queue.agents_needed_next_hour ?? null}
          here={queue.agents_signed_in}
        />
      </td>
      <td>{queue.expected_wait_s === null ? '–' : clockDuration(queue.expected_wait_s)}</td>
    </tr>
  );
});

function LongestWait({ since, limit }: { since: number | null; limit: number }) {
  const waited = useClock((clock) => (since === null ? null : Math.max(0, Math.floor(clock.now - since))));
  if (waited === null) return <span className="wb-quiet">–</span>;
  return (
    <span className="wb-wait" data-standing={atMost(waited, limit)}>
      {clockDuration(waited)}
    </span>
  );
}

/** Agents for the target now, and small beside it in the next hour. */
function NeededAgents({ now, next, here }: { now: number | null; next: number | null; here: number }) {
  if (now === null) return <span className="wb-quiet">–</span>;
  return (
    <>
      <span className={here < now ? 'wb-alarm' : ''}>{now}</span>
      {next !== null && <span className="wb-quiet"> → {next}</span>}
    </>
  );
}

interface BarProps {
  level: number | null;
  target: number;
  standing: Standing;
}

function ServiceLevelBar({ level, target, standing }: BarProps) {
  return (
    <span className="wb-level" data-standing={standing}>
      <span className="wb-level__track" aria-hidden="true">
        <span className="wb-level__fill" style={{ width: percent(level ?? 0) }} />
        <span className="wb-level__target" style={{ left: percent(target) }} />
      </span>
      <span className="wb-level__text">{percent(level, 0)}</span>
    </span>
  );
}
