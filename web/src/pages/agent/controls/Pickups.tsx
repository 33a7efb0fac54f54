/** Callers who wait, or ring at a colleague, for taking over (代答); asked for only while the list stands open. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.ts';
import { usePickups, useReference } from '../../../api/queries.ts';
import type { AgentView, PickupView } from '../../../api/types.ts';
import { usePending } from '../../../feed/pending.ts';
import { useLocalized } from '../../../i18n/words.ts';
import { PhoneFilled, RightOutlined } from '../../../ui/icons.ts';
import { ErrorState, LoadingState } from '../../../ui/ListState.tsx';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { Timer } from '../../../ui/Timer.tsx';
import { useCommand } from '../../../ui/useCommand.ts';

export function Pickups({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <div className="pickups">
      <button
        type="button"
        className="pickups__toggle"
        data-testid="pickups"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <RightOutlined rotate={open ? 90 : 0} /> {t('pickup.title')}
      </button>
      {open && <PickupList agent={agent} />}
    </div>
  );
}

function PickupList({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const { data, error, refetch } = usePickups();
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <LoadingState />;
  if (data.length === 0) return <p className="pickups__none quiet">{t('pickup.none')}</p>;
  return (
    <ul className="pickups__list">
      {data.map((one) => (
        <Row key={one.call_id} one={one} agent={agent} />
      ))}
    </ul>
  );
}

function Row({ one, agent }: { one: PickupView; agent: AgentView }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const command = useCommand();
  const key = `pickup:${agent.id}`;
  const pending = usePending(key);
  const free = agent.activity === 'idle' && agent.phone === 'reachable' && agent.presence !== 'signed_out';
  const queue = reference?.queues.find(({ id }) => id === one.queue_id);
  const where = one.agent_name
    ? t('pickup.ringsAt', { name: one.agent_name })
    : t('supervisor.position', { position: one.position ?? 1 });
  const take = (): void => {
    void command({
      key,
      action: t('pickup.take'),
      isSettled: ({ agents }) => agents[agent.id]?.call_id === one.call_id,
      send: () => api.takeOver(one.call_id),
    });
  };
  return (
    <li className="pickup">
      <span className="pickup__who">
        {one.caller_number ? <PhoneNumber number={one.caller_number} /> : t('pop.anonymous')}
        <small>
          {localized(queue?.name, one.queue_id)} · {where} · <Timer since={one.queued_at ?? one.phase_since} />
        </small>
      </span>
      <button
        type="button"
        className="button button--small"
        data-testid="pickup-take"
        data-pending={pending}
        disabled={!free || pending}
        onClick={take}
      >
        <PhoneFilled /> {t('pickup.take')}
      </button>
    </li>
  );
}
