/** The agent's phone in the header: which one, its state, and the choice between desk and browser. */

import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AgentView } from '../api/types.ts';
import { AudioOutlined, CheckOutlined, DownOutlined, PhoneFilled, WarningFilled } from '../ui/icons.ts';
import { showToast } from '../ui/toasts.ts';
import type { Tone } from '../ui/tones.ts';
import { useProblemText } from '../ui/useProblemText.ts';
import { choosePhone, readPhone, startBrowserPhone, stopBrowserPhone } from './browserPhone.ts';
import { isRefused, usePhone, type PhoneKind } from './phoneStore.ts';
import './phone.css';

const TONE: Record<AgentView['phone'], Tone> = { reachable: 'ready', in_use: 'talking', unreachable: 'danger' };
const KINDS: PhoneKind[] = ['desk', 'browser'];

export function PhoneControl({ agent }: { agent: AgentView }) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { kind, browserAllowed, state } = usePhone();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useOwnPhone(agent);

  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent): void => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, [open]);

  const choose = (wanted: PhoneKind): void => {
    setBusy(true);
    choosePhone(wanted)
      .then(() => setOpen(false))
      .catch((error: unknown) => showToast('error', problemText(error)))
      .finally(() => setBusy(false));
  };
  const refusal = kind === 'browser' && isRefused(state) ? state : null;
  const unusual = kind === 'browser' && state !== 'off' && state !== 'ready' ? state : null;

  return (
    <div
      className="phone"
      ref={box}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <button
        type="button"
        className="phone__button"
        data-testid="phone-choice"
        data-kind={kind ?? ''}
        data-state={state}
        aria-haspopup="true"
        aria-expanded={open}
        title={t('phone.choose')}
        onClick={() => setOpen((was) => !was)}
      >
        <span
          className="status"
          data-tone={refusal !== null ? 'danger' : TONE[agent.phone]}
          data-testid="phone-state"
          data-phone={agent.phone}
        >
          {kind === 'browser' ? <AudioOutlined /> : <PhoneFilled />}
          {t('phone.label', { extension: agent.extension })}{' '}
          {t(unusual === null ? `phone.${agent.phone}` : `phone.states.${unusual}`)}
        </span>
        <DownOutlined className="presence__caret" />
      </button>
      {open && (
        <div className="phone__menu" role="group" aria-label={t('phone.choose')}>
          {KINDS.map((each) => (
            <button
              key={each}
              type="button"
              className="phone__kind"
              aria-pressed={kind === each}
              disabled={busy || agent.phone === 'in_use' || (each === 'browser' && !browserAllowed)}
              data-testid={`phone-${each}`}
              onClick={() => choose(each)}
            >
              {each === 'browser' ? <AudioOutlined /> : <PhoneFilled />}
              <span>
                <strong>{t(`phone.kinds.${each}`)}</strong>
                <small>
                  {each === 'browser' && !browserAllowed ? t('phone.browserOff') : t(`phone.kindHelp.${each}`)}
                </small>
              </span>
              {kind === each && <CheckOutlined />}
            </button>
          ))}
          {refusal !== null && (
            <p className="phone__problem" data-tone="danger" role="alert">
              <WarningFilled /> {t(`phone.problems.${refusal}`)}
            </p>
          )}
          {agent.phone === 'in_use' && <p className="phone__problem">{t('phone.notInCall')}</p>}
        </div>
      )}
    </div>
  );
}

/** Reads the choice when the page opens, goes on where a reload interrupted a shift, and ends the phone with the page. */
function useOwnPhone(agent: AgentView): void {
  const inShift = agent.presence !== 'signed_out';
  const wasInShift = useRef(inShift);
  useEffect(() => {
    let gone = false;
    readPhone().then(
      (phone) => {
        if (!gone && phone.kind === 'browser' && wasInShift.current) void startBrowserPhone(phone);
      },
      // The phone's state in the header comes from the feed; without the choice it is taken for a desk phone.
      () => undefined,
    );
    const leave = (): void => stopBrowserPhone();
    window.addEventListener('pagehide', leave);
    return () => {
      gone = true;
      window.removeEventListener('pagehide', leave);
      stopBrowserPhone();
      usePhone.setState({ kind: null, browserAllowed: false });
    };
  }, [agent.id]);
}
