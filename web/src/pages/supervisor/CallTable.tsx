import { PhoneFilled } from '../../ui/icons.ts';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import { useReference } from '../../api/queries.ts';
import { useSession } from '../../api/session.ts';
import { usePending } from '../../feed/pending.ts';
import { useAgent, useFeed, useLiveCall } from '../../feed/store.ts';
import { useLocalized } from '../../i18n/words.ts';
import { EmptyState } from '../../ui/ListState.tsx';
import { PhoneNumber } from '../../ui/PhoneNumber.tsx';
import { Timer } from '../../ui/Timer.tsx';
import { PHASE_TONE } from '../../ui/tones.ts';
import { useCommand } from '../../ui/useCommand.ts';
import { Explanation } from './Explanation.tsx';
import { Question } from './Question.tsx';
import { useWatching } from './useWatch.ts';
import { WaitingDialog, waitingKey } from './WaitingDialog.tsx';

const hangUpKey = (callId: string): string => `hang-up:${callId}`;
const takeOverKey = (callId: string): string => `take-over:${callId}`;

type Asked = { what: 'hang_up' | 'take_over'; id: string } | null;

export function CallTable() {
  const { t } = useTranslation();
  const ids = useFeed((state) => state.callIds);
  const [explained, setExplained] = useState<string | null>(null);
  const [asked, setAsked] = useState<Asked>(null);
  const [adjusted, setAdjusted] = useState<string | null>(null);
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
              <th className="table__actions">{t('supervisor.actions')}</th>
            </tr>
          </thead>
          <tbody>
            {ids.map((id) => (
              <CallRow key={id} id={id} onExplain={setExplained} onAsk={setAsked} onAdjust={setAdjusted} />
            ))}
          </tbody>
        </table>
        {ids.length === 0 && <EmptyState text={t('supervisor.noCalls')} />}
      </div>
      <Explanation callId={explained} onClose={() => setExplained(null)} />
      <WaitingDialog callId={adjusted} onClose={() => setAdjusted(null)} />
      <Questions asked={asked} onClose={() => setAsked(null)} />
    </section>
  );
}

interface RowProps {
  id: string;
  onExplain: (id: string) => void;
  onAsk: (asked: Asked) => void;
  onAdjust: (id: string) => void;
}

const CallRow = memo(function CallRow({ id, onExplain, onAsk, onAdjust }: RowProps) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const call = useLiveCall(id);
  const agent = useAgent(call?.agent_id);
  const ending = usePending(hangUpKey(id));
  const taking = usePending(takeOverKey(id));
  const adjusting = usePending(waitingKey(id));
  const { begin, pending: watching } = useWatching();
  const takeOver = useTakeOver();
  const me = useSession().agent;
  if (!call) return null;
  const queue = reference?.queues.find((one) => one.id === call.queue_id);
  const waits = call.phase === 'waiting' || call.phase === 'ringing';
  const talks = call.phase === 'talking' && call.agent_id !== null && call.agent_id !== me?.id;
  const others = call.parties.filter(({ state }) => state === 'joined').length;
  return (
    <tr data-testid={`call-${id}`}>
      <td>
        <span className="badge" data-tone={PHASE_TONE[call.phase]}>
          {t(`supervisor.phases.${call.phase}`)}
        </span>
        {call.held && <small>{t('controls.held')}</small>}
        {call.recording === 'paused' && <small>{t('controls.recordingPaused')}</small>}
        {call.priority_s > 0 && waits && <small>{t('waiting.isAhead')}</small>}
      </td>
      <td>
        {call.caller_number ? <PhoneNumber number={call.caller_number} /> : t('pop.anonymous')}
        {call.customer_name && <small>{call.customer_name}</small>}
      </td>
      <td>
        {call.queue_id
          ? localized(queue?.name, call.queue_id)
          : localized(reference?.nodes[call.flow]?.[call.node], call.node)}
        {call.position !== null && <small>{t('supervisor.position', { position: call.position })}</small>}
      </td>
      <td>
        {agent?.name}
        {agent && <small>{agent.number}</small>}
        {others > 0 && <small>{t('supervisor.andOthers', { count: others })}</small>}
      </td>
      <td className="table__number">
        <Timer since={call.phase_since} />
        <small>
          <Timer since={call.started_at} />
        </small>
      </td>
      <td className="table__actions">
        {talks && call.agent_id !== null && (
          <button
            type="button"
            className="button button--small"
            data-testid="watch"
            disabled={watching}
            onClick={() => void begin(call.agent_id ?? 0, 'listen')}
          >
            {t('watch.begin')}
          </button>
        )}
        {(talks || waits) && (
          <button
            type="button"
            className="button button--small"
            data-testid="take-over"
            data-pending={taking}
            disabled={taking || me === null}
            title={me === null ? t('supervisor.takeOverNoAgent') : undefined}
            onClick={() => (talks ? onAsk({ what: 'take_over', id }) : takeOver(id))}
          >
            {t(talks ? 'supervisor.takeOver' : 'supervisor.pull')}
          </button>
        )}
        {waits && (
          <button
            type="button"
            className="button button--small"
            data-testid="adjust"
            data-pending={adjusting}
            disabled={adjusting}
            onClick={() => onAdjust(id)}
          >
            {t('waiting.adjust')}
          </button>
        )}
        <button type="button" className="button button--small" data-testid="explain" onClick={() => onExplain(id)}>
          {t('supervisor.explain')}
        </button>
        <button
          type="button"
          className="button button--small button--outline-danger"
          data-testid="force-hangup"
          data-pending={ending}
          disabled={ending || call.phase === 'ended'}
          onClick={() => onAsk({ what: 'hang_up', id })}
        >
          <PhoneFilled rotate={225} /> {t('supervisor.hangUp')}
        </button>
      </td>
    </tr>
  );
});

/** What cannot be taken back: ending a call, and taking a conversation away from its agent. */
function Questions({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { t } = useTranslation();
  const command = useCommand();
  const takeOver = useTakeOver();
  const id = asked?.id ?? '';
  const number = useFeed((state) => state.calls[id]?.caller_number ?? '');
  const agent = useAgent(useFeed((state) => state.calls[id]?.agent_id));

  const hangUp = (): void => {
    onClose();
    void command({
      key: hangUpKey(id),
      action: t('supervisor.hangUp'),
      isSettled: ({ calls }) => calls[id] === undefined || calls[id].phase === 'ended',
      send: () => api.hangUp(id),
    });
  };

  return (
    <>
      <Question
        title={t('supervisor.hangUpTitle')}
        text={t('supervisor.hangUpText', { number: number || t('pop.anonymous') })}
        open={asked?.what === 'hang_up'}
        testId="confirm-hangup"
        confirm={
          <>
            <PhoneFilled rotate={225} /> {t('supervisor.hangUp')}
          </>
        }
        onConfirm={hangUp}
        onClose={onClose}
      />
      <Question
        title={t('supervisor.takeOverTitle')}
        text={t('supervisor.takeOverText', { number: number || t('pop.anonymous'), name: agent?.name ?? '' })}
        open={asked?.what === 'take_over'}
        testId="confirm-take-over"
        confirm={t('supervisor.takeOver')}
        onConfirm={() => {
          onClose();
          takeOver(id);
        }}
        onClose={onClose}
      />
    </>
  );
}

/** The own phone rings for the caller: at once for one who waits, and for a conversation while it goes on. */
function useTakeOver(): (callId: string) => void {
  const { t } = useTranslation();
  const command = useCommand();
  const me = useSession().agent?.id ?? -1;
  return (callId) => {
    void command({
      key: takeOverKey(callId),
      action: t('supervisor.takeOver'),
      isSettled: ({ calls }) => {
        const call = calls[callId];
        return call === undefined || call.agent_id === me || call.parties.some((party) => party.agent_id === me);
      },
      send: () => api.takeOver(callId),
    });
  };
}
