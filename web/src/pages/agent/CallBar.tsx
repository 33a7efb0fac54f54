/** The call's state and its actions: always the same place and order, hanging up apart and last. */

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { AgentView, LiveCallView, ScreenPop } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useLiveCall } from '../../feed/store.ts';
import { useHotkeys } from '../../hotkeys/useHotkeys.ts';
import { PhoneAnswer } from '../../phone/PhoneAnswer.tsx';
import { isUp, usePhone } from '../../phone/phoneStore.ts';
import { AudioMutedOutlined, CopyOutlined, PauseCircleFilled, PhoneFilled, StopOutlined } from '../../ui/icons.ts';
import { Timer } from '../../ui/Timer.tsx';
import { showToast } from '../../ui/toasts.ts';
import { ACTIVITY_LOOK } from '../../ui/tones.ts';
import { useCommand } from '../../ui/useCommand.ts';
import { CallPanels } from './controls/CallPanels.tsx';
import { CallTools, type OpenPanel } from './controls/CallTools.tsx';
import { partIn } from './controls/ownCall.ts';
import { useCallActions } from './controls/useCallActions.ts';
import './controls/controls.css';

type BarState = 'idle' | 'ringing' | 'dialling' | 'talking' | 'hold' | 'wrap_up';

/** What the pop says, refined by hold and by calls of the agent's own, which only activity and call know. Pure. */
export function barState(agent: AgentView, pop: ScreenPop | null, call?: LiveCallView): BarState {
  if (pop === null) return 'idle';
  if (pop.state === 'ringing' && call?.phase === 'dialling') return 'dialling';
  if (pop.state === 'talking' && agent.activity === 'hold') return 'hold';
  return pop.state === 'ringing' || pop.state === 'talking' || pop.state === 'wrap_up' ? pop.state : 'idle';
}

/** Plain http on a local network has no clipboard at all, which the types do not know. */
function copyText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  return clipboard === undefined ? Promise.reject(new Error('no clipboard')) : clipboard.writeText(text);
}

const BAR_LOOK = {
  ...ACTIVITY_LOOK,
  idle: { tone: 'neutral', Icon: PhoneFilled },
  dialling: { tone: 'ringing', Icon: PhoneFilled },
} as const;

export function CallBar({ agent, pop }: { agent: AgentView; pop: ScreenPop | null }) {
  const { t } = useTranslation();
  const command = useCommand();
  const callId = pop?.call_id ?? '';
  const known = useLiveCall(pop?.state === 'wrap_up' ? undefined : pop?.call_id);
  const call = partIn(known, agent) === 'none' ? undefined : known;
  const actions = useCallActions(callId, agent.id);
  // A panel belongs to the call in which it was opened: with another call it is shut.
  const [opened, setOpened] = useState<{ callId: string; panel: OpenPanel }>({ callId: '', panel: null });
  const open = opened.callId === callId ? opened.panel : null;
  const onOpen = (panel: OpenPanel): void => setOpened({ callId, panel });
  const state = barState(agent, pop, call);
  const hangUpKey = `hang-up:${callId}`;
  const hangingUp = usePending(hangUpKey);
  const live = state !== 'idle' && state !== 'wrap_up';
  const member = partIn(call, agent) === 'member';
  const inBrowser = usePhone((phone) => phone.kind === 'browser' && isUp(phone.state));

  const hangUp = (): void => {
    if (!live || hangingUp) return;
    void command({
      key: hangUpKey,
      action: t('callBar.hangUp'),
      isSettled: (centre) => centre.pop?.call_id !== callId || centre.pop.state === 'wrap_up',
      send: () => api.hangUp(callId),
    });
  };

  const copyNumber = (): void => {
    const number = pop?.caller_number ?? '';
    if (number === '') return;
    copyText(number).then(
      () => showToast('info', t('common.copied', { what: number })),
      () => showToast('error', t('error.copyFailed')),
    );
  };

  useHotkeys({ hangUp, copyNumber });
  const { tone, Icon } = BAR_LOOK[state];

  return (
    <>
      <section className="call-bar panel" aria-label={t('callBar.label')} data-tone={tone} data-state={state}>
        <div className="call-bar__top">
          <span className="call-bar__state">
            <Icon />
            <strong>{t(member && state === 'talking' ? 'callBar.member' : `callBar.${state}`)}</strong>
          </span>
          <span className="call-bar__timer">
            {pop && <Timer since={state === 'wrap_up' ? agent.activity_since : pop.since} />}
          </span>
          {state === 'ringing' && !inBrowser && <small className="call-bar__help">{t('callBar.ringingHelp')}</small>}
          <PhoneAnswer />
          {call && <Flags call={call} />}
          <span className="call-bar__gap" />
          <button
            type="button"
            className="button button--small button--quiet"
            disabled={!pop?.caller_number}
            title="Alt C"
            onClick={copyNumber}
          >
            <CopyOutlined /> {t('callBar.copyNumber')}
          </button>
        </div>
        <div className="call-bar__acts">
          <CallTools agent={agent} call={call} actions={actions} open={open} onOpen={onOpen} />
          <span className="call-bar__gap" />
          <button
            type="button"
            className="button button--danger button--large"
            data-testid="hangup"
            data-pending={hangingUp}
            disabled={!live || hangingUp}
            title="Alt H"
            onClick={hangUp}
          >
            <PhoneFilled rotate={225} /> {t(hangingUp ? 'callBar.hangingUp' : 'callBar.hangUp')}
          </button>
        </div>
      </section>
      {call && <CallPanels agent={agent} call={call} actions={actions} open={open} onOpen={onOpen} />}
    </>
  );
}

/** What must not be forgotten: somebody waits with music, somebody is not heard, nothing is written down. */
function Flags({ call }: { call: LiveCallView }) {
  const { t } = useTranslation();
  return (
    <span className="call-bar__flags" role="status" data-testid="call-flags">
      {call.held && (
        <span className="badge" data-tone="break" data-flag="held">
          <PauseCircleFilled /> {t('controls.held')}
        </span>
      )}
      {call.agent_muted && (
        <span className="badge" data-tone="danger" data-flag="muted">
          <AudioMutedOutlined /> {t('controls.muted')}
        </span>
      )}
      {call.recording === 'paused' && (
        <span className="badge" data-tone="danger" data-flag="recording-paused">
          <StopOutlined /> {t('controls.recordingPaused')}
          {call.recording_paused_at !== null && <Timer since={call.recording_paused_at} />}
        </span>
      )}
      {!call.caller_present && (
        <span className="badge" data-tone="neutral">
          {t('controls.callerGone')}
        </span>
      )}
    </span>
  );
}
