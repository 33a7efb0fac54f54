import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../../api/types.ts';
import { AGENT_STATES, agentState, COUNTED_STATES } from '../../feed/agentState.ts';
import { useAgent, useFeed } from '../../feed/store.ts';
import { EmptyState } from '../../ui/ListState.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { AGENT_STATE_LOOK } from '../../ui/tones.ts';

/** So many tiles fit beside two rows of figures, by their size; more than the last are counted, not shown. */
const ROOM = { low: 6, middle: 12, high: 20, extreme: 30, crowd: 56 } as const;
const MOST_TILES = ROOM.crowd - 1;

interface Props {
  counts: Record<string, number>;
  /** None: everybody. */
  teams: readonly string[];
  /** Those who serve the board's queues, where it names queues and no teams; none: everybody. */
  members: readonly number[];
  tiles: boolean;
}

export function Agents({ counts, teams, members, tiles }: Props) {
  const { t } = useTranslation();
  return (
    <section className="wb-agents panel" aria-labelledby="wb-agents-title">
      <h2 className="visually-hidden" id="wb-agents-title">
        {t('wallboard.agents')}
      </h2>
      <dl className="wb-states">
        {COUNTED_STATES.map((state) => {
          const { tone, Icon } = AGENT_STATE_LOOK[state];
          return (
            <div key={state} className="wb-state" data-tone={tone}>
              <dt>
                <Icon /> {t(`state.${state}`)}
              </dt>
              <dd data-testid={`wb-agents-${state}`}>{counts[state] ?? 0}</dd>
            </div>
          );
        })}
      </dl>
      {tiles && <Tiles teams={teams} members={members} />}
    </section>
  );
}

/** Ids of those at work, the busiest states first: a string, so that it changes only when the order does. */
function orderOf(agents: Record<number, AgentView>, teams: readonly string[], members: readonly number[]): string {
  return Object.values(agents)
    .filter(({ team }) => teams.length === 0 || (team !== null && teams.includes(team)))
    .filter(({ id }) => members.length === 0 || members.includes(id))
    .map((agent) => ({ agent, rank: AGENT_STATES.indexOf(agentState(agent).state) }))
    .filter(({ rank }) => AGENT_STATES[rank] !== 'signed_out')
    .sort((a, b) => a.rank - b.rank || a.agent.number.localeCompare(b.agent.number))
    .map(({ agent }) => agent.id)
    .join(' ');
}

function Tiles({ teams, members }: Pick<Props, 'teams' | 'members'>) {
  const { t } = useTranslation();
  const order = useFeed((state) => orderOf(state.agents, teams, members));
  const ids = order === '' ? [] : order.split(' ').map(Number);
  if (ids.length === 0) return <EmptyState text={t('wallboard.noAgents')} />;
  const density = Object.entries(ROOM).find(([, room]) => ids.length <= room)?.[0] ?? 'crowd';
  return (
    <ul className="wb-tiles" data-density={density}>
      {ids.slice(0, MOST_TILES).map((id) => (
        <Tile key={id} id={id} />
      ))}
      {ids.length > MOST_TILES && <li>{t('wallboard.moreAgents', { count: ids.length - MOST_TILES })}</li>}
    </ul>
  );
}

const Tile = memo(function Tile({ id }: { id: number }) {
  const { t } = useTranslation();
  const agent = useAgent(id);
  if (!agent) return null;
  const { state, since } = agentState(agent);
  const { tone, Icon } = AGENT_STATE_LOOK[state];
  return (
    <li className="wb-tile" data-tone={tone}>
      <span className="wb-tile__name">
        {agent.name} <small>{agent.number}</small>
      </span>
      <span className="wb-tile__state">
        <span>
          <Icon /> {t(`state.${state}`)}
        </span>
        <Timer since={since} />
      </span>
    </li>
  );
});
