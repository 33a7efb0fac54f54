/** Every presence with its reasons on one sheet: one click, or arrows and Enter. */

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Presence, Reference } from '../api/types.ts';
import { useLocalized } from '../i18n/words.ts';
import { clockDuration } from '../time/format.ts';
import { AGENT_STATE_LOOK } from '../ui/tones.ts';

const PRESENCES: Presence[] = ['ready', 'break', 'training', 'outbound_only', 'signed_out'];

interface Props {
  label: string;
  current: Presence;
  currentReason: string;
  reasonCodes: Reference['reason_codes'];
  onChoose: (presence: Presence, reason: string) => void;
  onClose: () => void;
  /** Part of a dialog instead of hanging below a button. */
  inline?: boolean;
}

export function PresenceMenu({ label, current, currentReason, reasonCodes, onChoose, onClose, inline = false }: Props) {
  const { t } = useTranslation();
  const localized = useLocalized();
  const menu = useRef<HTMLDivElement>(null);

  useEffect(() => {
    menu.current?.querySelector<HTMLElement>('[role^="menuitem"]')?.focus();
  }, []);

  const move = (step: number): void => {
    const items = [...(menu.current?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  };

  return (
    <div
      ref={menu}
      className={inline ? 'presence-menu presence-menu--inline' : 'presence-menu'}
      role="menu"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
        else if (event.key === 'ArrowDown' || event.key === 'ArrowRight') move(1);
        else if (event.key === 'ArrowUp' || event.key === 'ArrowLeft') move(-1);
        else return;
        event.preventDefault();
      }}
    >
      {PRESENCES.map((presence) => {
        const { tone, Icon } = AGENT_STATE_LOOK[presence];
        const reasons = reasonCodes.filter((reason) => reason.presence === presence);
        return (
          <div key={presence} className="presence-menu__group" data-tone={tone} role="none">
            <button
              type="button"
              role="menuitemradio"
              aria-checked={current === presence && currentReason === ''}
              className="presence-menu__item"
              data-testid={`presence-${presence}`}
              onClick={() => onChoose(presence, '')}
            >
              <Icon />
              {t(`presence.${presence}`)}
            </button>
            {reasons.length > 0 && (
              <div className="presence-menu__reasons" role="none">
                {reasons.map(({ code, name, limit_s }) => (
                  <button
                    key={code}
                    type="button"
                    role="menuitemradio"
                    aria-checked={current === presence && currentReason === code}
                    className="presence-menu__reason"
                    data-testid={`reason-${code}`}
                    onClick={() => onChoose(presence, code)}
                  >
                    {localized(name, code)}
                    {limit_s != null && <small>{t('presence.limit', { limit: clockDuration(limit_s) })}</small>}
                  </button>
                ))}
              </div>
            )}
          </div>
        );
      })}
    </div>
  );
}
