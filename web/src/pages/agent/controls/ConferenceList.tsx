/** Everybody in the conversation: who they are, since when, mute, remove, one more, leave. */

import { useTranslation } from 'react-i18next';
import type { AgentView, LiveCallView, PartyView } from '../../../api/types.ts';
import { usePending } from '../../../feed/pending.ts';
import { useHotkeys } from '../../../hotkeys/useHotkeys.ts';
import { useAgent } from '../../../feed/store.ts';
import { useCodeWord } from '../../../i18n/words.ts';
import {
  AudioMutedOutlined,
  AudioOutlined,
  LogoutOutlined,
  TeamOutlined,
  UserDeleteOutlined,
} from '../../../ui/icons.ts';
import { PhoneNumber } from '../../../ui/PhoneNumber.tsx';
import { Timer } from '../../../ui/Timer.tsx';
import { members, partIn } from './ownCall.ts';
import { type CallActions, controlKey } from './useCallActions.ts';
import { usePartyName } from './usePartyName.ts';

interface Props {
  agent: AgentView;
  call: LiveCallView;
  actions: CallActions;
}

export function ConferenceList({ agent, call, actions }: Props) {
  const { t } = useTranslation();
  const inCharge = partIn(call, agent) === 'in_charge';
  const leaving = usePending(controlKey('leave', call.id));
  const others = members(call);
  const charge = useAgent(call.agent_id);
  const leave = (): void => {
    if (!leaving) void actions.leave();
  };
  useHotkeys({ leave });
  const count = others.filter(({ state }) => state === 'joined').length + Number(call.caller_present) + 1;
  return (
    <section className="conference panel" aria-labelledby="conference-title" data-testid="conference">
      <h2 className="panel__title" id="conference-title">
        <span>
          <TeamOutlined /> {t('conference.title', { count })}
        </span>
        <button
          type="button"
          className="button button--small"
          data-testid="leave"
          data-pending={leaving}
          disabled={leaving}
          title={`${t('controls.leaveHint')} · Alt Q`}
          onClick={leave}
        >
          <LogoutOutlined /> {t('controls.leave')}
        </button>
      </h2>
      <ul className="conference__list">
        {call.caller_present && call.direction !== 'conference' && (
          <Row
            name={call.caller_number ? <PhoneNumber number={call.caller_number} /> : t('pop.anonymous')}
            role={t('conference.caller')}
            since={call.started_at}
            id="caller"
            callId={call.id}
            muted={call.caller_muted}
            actions={inCharge ? actions : undefined}
          />
        )}
        <Row
          name={inCharge ? t('conference.me') : (charge?.name ?? t('conference.agent'))}
          role={t('conference.inCharge')}
          since={call.phase_since}
          id="agent"
          callId={call.id}
          muted={call.agent_muted}
          actions={inCharge ? actions : undefined}
        />
        {others.map((party) => (
          <PartyRow
            key={party.id}
            party={party}
            mine={party.agent_id === agent.id}
            callId={call.id}
            actions={inCharge ? actions : undefined}
          />
        ))}
      </ul>
    </section>
  );
}

interface PartyRowProps {
  party: PartyView;
  mine: boolean;
  callId: string;
  actions: CallActions | undefined;
}

function PartyRow({ party, mine, callId, actions }: PartyRowProps) {
  const { t } = useTranslation();
  const codeWord = useCodeWord();
  const partyName = usePartyName();
  return (
    <Row
      name={mine ? t('conference.me') : partyName(party)}
      role={party.state === 'joined' ? t('conference.member') : codeWord('partyState', party.state)}
      since={party.since}
      id={party.id}
      callId={callId}
      muted={party.muted}
      ringing={party.state !== 'joined'}
      actions={actions}
      removable
    />
  );
}

interface RowProps {
  name: React.ReactNode;
  role: string;
  since: number;
  id: string;
  callId: string;
  muted: boolean;
  ringing?: boolean;
  removable?: boolean;
  actions: CallActions | undefined;
}

function Row({ name, role, since, id, callId, muted, ringing = false, removable = false, actions }: RowProps) {
  const { t } = useTranslation();
  const muting = usePending(controlKey(`mute-${id}`, callId));
  const removing = usePending(controlKey(`remove-${id}`, callId));
  const label = t(muted ? 'controls.unmute' : 'controls.mute');
  return (
    <li className="conference__row" data-testid={`member-${id}`} data-tone={ringing ? 'ringing' : 'talking'}>
      <span className="conference__name">{name}</span>
      <span className="badge">
        {role}
        {muted && ` · ${t('controls.muted')}`}
      </span>
      <Timer since={since} />
      {actions && (
        <span className="conference__acts">
          <button
            type="button"
            className="icon-button"
            data-testid="member-mute"
            aria-pressed={muted}
            aria-label={label}
            title={label}
            disabled={muting || ringing}
            onClick={() => void actions.mute(id, !muted)}
          >
            {muted ? <AudioMutedOutlined /> : <AudioOutlined />}
          </button>
          {removable && (
            <button
              type="button"
              className="icon-button icon-button--danger"
              data-testid="member-remove"
              aria-label={t('conference.remove')}
              title={t('conference.remove')}
              disabled={removing}
              onClick={() => void actions.remove(id)}
            >
              <UserDeleteOutlined />
            </button>
          )}
        </span>
      )}
    </li>
  );
}
