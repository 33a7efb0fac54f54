/** The agent's own two axes: what was chosen (presence, with its menu) and what is happening (activity). */

import { DownOutlined } from '../ui/icons.ts';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.ts';
import { useReference } from '../api/queries.ts';
import type { AgentView, Presence } from '../api/types.ts';
import { usePending } from '../feed/pending.ts';
import { useHotkeys } from '../hotkeys/useHotkeys.ts';
import { useLocalized } from '../i18n/words.ts';
import { phoneIsReady, stopBrowserPhone } from '../phone/browserPhone.ts';
import { isRefused, usePhone } from '../phone/phoneStore.ts';
import { useClock } from '../time/clock.ts';
import { clockDuration } from '../time/format.ts';
import { Timer } from '../ui/Timer.tsx';
import { showToast } from '../ui/toasts.ts';
import { ACTIVITY_LOOK, AGENT_STATE_LOOK } from '../ui/tones.ts';
import { useCommand } from '../ui/useCommand.ts';
import { PresenceMenu } from './PresenceMenu.tsx';
import './presence.css';

export const presenceKey = (agentId: number): string => `presence:${agentId}`;

export function useChoosePresence(agent: AgentView): (presence: Presence, reason?: string) => void {
  const { t } = useTranslation();
  const command = useCommand();
  return (presence, reason = '') => {
    void chosen(presence, reason);
  };

  async function chosen(presence: Presence, reason: string): Promise<void> {
    // Whoever takes calls in the browser has the microphone first: a call without it would be silence.
    if ((presence === 'ready' || presence === 'outbound_only') && !(await phoneIsReady().catch(() => false))) {
      const { state } = usePhone.getState();
      showToast('error', t(isRefused(state) ? `phone.problems.${state}` : 'phone.problems.connecting'));
      return;
    }
    await command({
      key: presenceKey(agent.id),
      action: t(`presence.${presence}`),
      // During an offer or a call the choice takes effect afterwards: then the feed shows it as the next one.
      isSettled: ({ agents }) => {
        const now = agents[agent.id];
        return now?.pending_presence === presence || (now?.presence === presence && now.reason === reason);
      },
      send: () => api.choosePresence(presence, reason),
    });
    if (presence === 'signed_out') stopBrowserPhone();
  }
}

function LimitNote({ since, limit }: { since: number; limit: number }) {
  const { t } = useTranslation();
  const over = useClock((clock) => Math.floor(clock.now - since - limit));
  if (over <= 0) return null;
  return (
    <span className="presence__over" data-tone="danger">
      {t('presence.overLimit', { over: clockDuration(over) })}
    </span>
  );
}

export function PresenceControl({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const reference = useReference();
  const choose = useChoosePresence(agent);
  const pending = usePending(presenceKey(agent.id));
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);

  useHotkeys({ ready: () => choose('ready'), presence: () => setOpen((was) => !was) });

  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);

  const { tone, Icon } = AGENT_STATE_LOOK[agent.presence];
  const reason = reference?.reason_codes.find(({ code }) => code === agent.reason);
  const activity = ACTIVITY_LOOK[agent.activity];

  return (
    <div className="presence" ref={box}>
      <button
        type="button"
        className="presence__button"
        data-tone={tone}
        data-testid="presence-button"
        data-pending={pending}
        aria-haspopup="menu"
        aria-expanded={open}
        title={t('presence.change')}
        onClick={() => setOpen((was) => !was)}
      >
        <Icon />
        <span data-testid="presence-state" data-presence={agent.presence}>
          {t(`presence.${agent.presence}`)}
          {agent.reason !== '' && ` · ${localized(reason?.name, agent.reason)}`}
        </span>
        <span className="presence__timer">
          <Timer since={agent.presence_since} />
        </span>
        {reason?.limit_s != null && <LimitNote since={agent.presence_since} limit={reason.limit_s} />}
        <DownOutlined className="presence__caret" />
      </button>
      {open && (
        <PresenceMenu
          label={t('presence.choose')}
          current={agent.presence}
          currentReason={agent.reason}
          reasonCodes={reference?.reason_codes ?? []}
          onChoose={(presence, code) => {
            setOpen(false);
            choose(presence, code);
          }}
          onClose={() => setOpen(false)}
        />
      )}
      {agent.pending_presence && (
        <span className="presence__next">
          {t('presence.next', { presence: t(`presence.${agent.pending_presence}`) })}
        </span>
      )}
      <span
        className="presence__activity"
        data-tone={activity.tone}
        data-testid="activity-state"
        data-activity={agent.activity}
      >
        <activity.Icon />
        {t(`activity.${agent.activity}`)}
        <Timer since={agent.activity_since} />
      </span>
    </div>
  );
}
