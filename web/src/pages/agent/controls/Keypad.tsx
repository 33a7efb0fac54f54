/** Twelve keys, by mouse or by the keyboard's own digits while the pad has the focus. */

import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

interface Props {
  label: string;
  onKey: (key: string) => void;
  onClose?: () => void;
  /** The pad was asked for by its own button: it may take the focus. */
  takeFocus?: boolean;
}

export function Keypad({ label, onKey, onClose, takeFocus = false }: Props) {
  const { t } = useTranslation();
  const pad = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takeFocus) pad.current?.querySelector('button')?.focus();
  }, [takeFocus]);
  return (
    <div
      ref={pad}
      className="keypad"
      role="group"
      aria-label={label}
      data-testid="keypad-keys"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && onClose) onClose();
        else if (/^[0-9*#]$/.test(event.key) && !event.altKey && !event.ctrlKey) onKey(event.key);
        else return;
        event.preventDefault();
      }}
    >
      {KEYS.map((key) => (
        <button
          key={key}
          type="button"
          className="keypad__key"
          aria-label={key === '*' ? t('controls.star') : key === '#' ? t('controls.hash') : key}
          onClick={() => onKey(key)}
        >
          {key}
        </button>
      ))}
    </div>
  );
}
