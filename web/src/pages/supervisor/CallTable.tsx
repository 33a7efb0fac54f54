import { PhoneFilled, QuestionCircleOutlined } from '../../ui/icons.ts';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useReference } from '../../api/queries.ts';
import { usePending } from '../../feed/pending.ts';
import { useAgent, useFeed, useLiveCall } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { Dialog } from '../../ui/Dialog.tsx';
import { EmptyState } from '../../ui/ListState.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { PHASE_TONE } from '../../ui/tones.ts';
import { useCommand } from '../../ui/useCommand.ts';
import { Explanation } from './Explanation.tsx';

const hangUpKey = (callId: string): string => `hang-up:${callId}`;

export function CallTable() {
  const { t } = useTranslation();
  const ids = useFeed((state) => state.callIds);
  const [explained, setExplained] = useState<string | null>(null);
  const [ending, setEnding] = useState<string | null>(null);
  return (
    <section className="floor__calls panel" aria-labelledby="live-calls-title">
      <h2 className="panel__title" id="live-calls-title">
        {t('supervisor.calls')} <span>{ids.length}</span>
      </h2>
      {/* A scrolling box must be reachable by keyboard. */}
      <div className="table-box" tabIndex={0}>
        <table className="table">
          <thead>
            <tr>
              <th>{t('supervisor.phase')}</th>
              <th>{t('supervisor.caller')}</th>
              <th>{t('supervisor.queue')}</th>
              <th>{t('supervisor.agent')}</th>
              <th className="table__number">{t('supervisor.inPhase')}</th>
              <th className="table__number">{t('supervisor.duration')}</th>
              <th className="table__actions">{t('supervisor.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {ids.map((id) => (
              <CallRow key={id} id={id} onExplain={setExplained} onHangUp={setEnding} />
            ))}
          </tbody>
        </table>
        {ids.length === 0 && <EmptyState text={t('supervisor.noCalls')} />}
      </div>
      <Explanation callId={explained} onClose={() => setExplained(null)} />
      <HangUpQuestion callId={ending} onClose={() => setEnding(null)} />
    </section>
  );
}

interface RowProps {
  id: string;
  onExplain: (id: string) => void;
  onHangUp: (id: string) => void;
}

const CallRow = memo(function CallRow({ id, onExplain, onHangUp }: RowProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const call = useLiveCall(id);
  const agent = useAgent(call?.agent_id);
  const ending = usePending(hangUpKey(id));
  if (!call) return null;
  const queue = reference?.queues.find((one) => one.id === call.queue_id);
  return (
    <tr data-testid={`call-${id}`}>
      <td>
        <span className="badge" data-tone={PHASE_TONE[call.phase]}>
          {t(`supervisor.phases.${call.phase}`)}
        </span>
      </td>
      <td>
        {call.caller_number ? <PhoneNumber number={call.caller_number} /> : t('pop.anonymous')}
        {call.customer_name && <small>{call.customer_name}</small>}
      </td>
      <td>
        {call.queue_id ? localized(queue?.name, call.queue_id) : call.node}
        {call.position !== null && <small>{t('supervisor.position', { position: call.position })}</small>}
      </td>
      <td>
        {agent?.name}
        {agent && <small>{agent.number}</small>}
      </td>
      <td className="table__number">
        <Timer since={call.phase_since} />
      </td>
      <td className="table__number">
        <Timer since={call.started_at} />
      </td>
      <td className="table__actions">
        <button type="button" className="button button--small" data-testid="explain" onClick={() => onExplain(id)}>
          <QuestionCircleOutlined /> {t('supervisor.explain')}
        </button>
        <button
          type="button"
          className="button button--small button--outline-danger"
          data-testid="force-hangup"
          data-pending={ending}
          disabled={ending || call.phase === 'ended'}
          onClick={() => onHangUp(id)}
        >
          <PhoneFilled rotate={225} /> {t('supervisor.hangUp')}
        </button>
      </td>
    </tr>
  );
});

function HangUpQuestion({ callId, onClose }: { callId: string | null; onClose: () => void }) {
  const { t } = useTranslation();
  const command = useCommand();
  const number = useFeed((state) => (callId === null ? '' : (state.calls[callId]?.caller_number ?? '')));

  const hangUp = (): void => {
    if (callId === null) return;
    onClose();
    void command({
      key: hangUpKey(callId),
      action: t('supervisor.hangUp'),
      isSettled: ({ calls }) => calls[callId] === undefined || calls[callId].phase === 'ended',
      send: () => api.hangUp(callId),
    });
  };

  return (
    <Dialog
      title={t('supervisor.hangUpTitle')}
      open={callId !== null}
      onClose={onClose}
      footer={
        <>
          <button type="button" className="button" onClick={onClose}>
            {t('common.cancel')}
          </button>
          <button type="button" className="button button--danger" data-testid="confirm-hangup" onClick={hangUp}>
            <PhoneFilled rotate={225} /> {t('supervisor.hangUp')}
          </button>
        </>
      }
    >
      <p>{t('supervisor.hangUpText', { number: number || t('pop.anonymous') })}</p>
    </Dialog>
  );
}
