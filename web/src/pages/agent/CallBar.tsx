/** The call's state and its actions: always the same place and order, hanging up apart and last. */

import { CopyOutlined, PhoneFilled } from '../../ui/icons.ts';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.ts';
import type { AgentView, ScreenPop } from '../../api/types.ts';
import { usePending } from '../../feed/pending.ts';
import { useHotkeys } from '../../hotkeys/useHotkeys.ts';
import { Timer } from '../../ui/Timer.tsx';
import { showToast } from '../../ui/toasts.ts';
import { ACTIVITY_LOOK } from '../../ui/tones.ts';
import { useCommand } from '../../ui/useCommand.ts';

type BarState = 'idle' | 'ringing' | 'talking' | 'hold' | 'wrap_up';

/** What the pop says, refined by hold, which only the activity knows. Pure. */
export function barState(agent: AgentView, pop: ScreenPop | null): BarState {
  if (pop === null) return 'idle';
  if (pop.state === 'talking' && agent.activity === 'hold') return 'hold';
  return pop.state === 'ringing' || pop.state === 'talking' || pop.state === 'wrap_up' ? pop.state : 'idle';
}

/** Plain http on a local network has no clipboard at all, which the types do not know. */
function copyText(text: string): Promise<void> {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  return clipboard === undefined ? Promise.reject(new Error('no clipboard')) : clipboard.writeText(text);
}

const BAR_LOOK = { ...ACTIVITY_LOOK, idle: { tone: 'neutral', Icon: PhoneFilled } } as const;

export function CallBar({ agent, pop }: { agent: AgentView; pop: ScreenPop | null }) {
  const { t } = useTranslation();
  const command = useCommand();
  const state = barState(agent, pop);
  const callId = pop?.call_id ?? '';
  const hangUpKey = `hang-up:${callId}`;
  const hangingUp = usePending(hangUpKey);
  const live = state === 'ringing' || state === 'talking' || state === 'hold';

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
    <section className="call-bar panel" aria-label={t('callBar.label')} data-tone={tone} data-state={state}>
      <span className="call-bar__state">
        <Icon />
        <span>
          <strong>{t(`callBar.${state}`)}</strong>
          {state === 'ringing' && <small>{t('callBar.ringingHelp')}</small>}
        </span>
      </span>
      <span className="call-bar__timer">
        {pop && <Timer since={state === 'wrap_up' ? agent.activity_since : pop.since} />}
      </span>
      <button type="button" className="button" disabled={!pop?.caller_number} title="Alt C" onClick={copyNumber}>
        <CopyOutlined /> {t('callBar.copyNumber')}
      </button>
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
    </section>
  );
}
