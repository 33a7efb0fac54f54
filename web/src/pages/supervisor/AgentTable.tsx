import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useReference } from '../../api/queries.ts';
import type { AgentView, Presence } from '../../api/types.ts';
import { presenceKey } from '../../app/PresenceControl.tsx';
import { PresenceMenu } from '../../app/PresenceMenu.tsx';
import { agentState } from '../../feed/agentState.ts';
import { usePending } from '../../feed/pending.ts';
import { useAgent, useFeed } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { clockDuration } from '../../time/format.ts';
import { AgentStateBadge } from '../../ui/AgentStateBadge.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState } from '../../ui/ListState.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { AlertFilled } from '../../ui/icons.ts';
import { useCommand } from '../../ui/useCommand.ts';
import { useWatchesOf, useWatching } from './useWatch.ts';

/** A string, so that the table renders only when its members change and not with every agent's every change. */
function matchingIds(agents: Record<number, AgentView>, filter: string): string {
  return Object.values(agents)
    .filter(({ name, number }) => name.includes(filter) || number.includes(filter))
    .sort((a, b) => a.number.localeCompare(b.number))
    .map(({ id }) => id)
    .join(' ');
}

export function AgentTable() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState('');
  const [forced, setForced] = useState<number | null>(null);
  const matching = useFeed((state) => matchingIds(state.agents, filter.trim()));
  const ids = matching === '' ? [] : matching.split(' ').map(Number);
  return (
    <section className="floor__agents panel" aria-labelledby="agents-title">
      <h2 className="panel__title" id="agents-title">
        <span>
          {t('supervisor.agents')} {ids.length}
        </span>
        <input
          className="field floor__filter"
          type="search"
          aria-label={t('supervisor.filter')}
          placeholder={t('supervisor.filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      </h2>
      <div className="table-box" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th>{t('supervisor.agent')}</th>
              <th>{t('supervisor.state')}</th>
              <th className="table__number">{t('supervisor.inPhase')}</th>
              <th className="table__number">{t('supervisor.answeredToday')}</th>
              <th className="table__number">{t('supervisor.missedToday')}</th>
              <th className="table__number">{t('supervisor.talkToday')}</th>
              <th className="table__actions">{t('supervisor.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {ids.map((id) => (
              <AgentRow key={id} id={id} onForce={setForced} />
            ))}
          </tbody>
        </table>
        {ids.length === 0 && <EmptyState text={t('supervisor.noAgents')} />}
      </div>
      <ForcePresence agentId={forced} onClose={() => setForced(null)} />
    </section>
  );
}

const AgentRow = memo(function AgentRow({ id, onForce }: { id: number; onForce: (id: number) => void }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const agent = useAgent(id);
  const pending = usePending(presenceKey(id));
  const { begin, pending: watching } = useWatching();
  const listeners = useWatchesOf(id);
  const help = useFeed((state) => state.helps[id]?.state === 'asked');
  if (!agent) return null;
  const { state, since } = agentState(agent);
  const reason = reference?.reason_codes.find(({ code }) => code === agent.reason);
  return (
    <tr data-testid={`agent-${id}`} data-agent-state={state}>
      <td>
        {agent.name}
        <small>
          {agent.number}
          {agent.team && ` · ${localized(reference?.teams[agent.team], agent.team)}`}
        </small>
      </td>
      <td>
        <AgentStateBadge state={state} />
        {help && (
          <small className="floor__help">
            <AlertFilled /> {t('help.short')}
          </small>
        )}
        {listeners.map((watch) => (
          <small key={watch.id}>{t('watch.by', { mode: t(`watch.${watch.mode}`), by: watch.supervisor })}</small>
        ))}
        {agent.reason !== '' && <small>{localized(reason?.name, agent.reason)}</small>}
        {agent.pending_presence && (
          <small>{t('presence.next', { presence: t(`presence.${agent.pending_presence}`) })}</small>
        )}
      </td>
      <td className="table__number">
        <Timer since={since} />
      </td>
      <td className="table__number">{agent.answered_today}</td>
      <td className="table__number">{agent.missed_today}</td>
      <td className="table__number">{clockDuration(agent.talk_s_today)}</td>
      <td className="table__actions">
        {state !== 'signed_out' && (
          <button
            type="button"
            className="button button--small"
            data-testid="watch"
            disabled={watching}
            onClick={() => void begin(id, 'listen')}
          >
            {t('watch.begin')}
          </button>
        )}
        <button
          type="button"
          className="button button--small"
          data-testid="force"
          data-pending={pending}
          disabled={pending}
          onClick={() => onForce(id)}
        >
          {t('supervisor.force')}
        </button>
      </td>
    </tr>
  );
});

function ForcePresence({ agentId, onClose }: { agentId: number | null; onClose: () => void }) {
  const { t } = useTranslation();
  const command = useCommand();
  const reference = useReference();
  const agent = useAgent(agentId);

  const force = (presence: Presence, reason: string): void => {
    if (agentId === null) return;
    onClose();
    void command({
      key: presenceKey(agentId),
      action: t(`presence.${presence}`),
      isSettled: ({ agents }) => {
        const now = agents[agentId];
        return now?.pending_presence === presence || (now?.presence === presence && now.reason === reason);
      },
      send: () => api.forcePresence(agentId, presence, reason),
    });
  };

  return (
    <Dialog title={t('supervisor.forceOf', { name: agent?.name ?? '' })} open={agent !== undefined} onClose={onClose}>
      {agent && (
        <PresenceMenu
          inline
          label={t('presence.choose')}
          current={agent.presence}
          currentReason={agent.reason}
          reasonCodes={reference?.reason_codes ?? []}
          onChoose={force}
          onClose={onClose}
        />
      )}
    </Dialog>
  );
}
