/** A button of the call bar: icon over word, always in its place; pressed where it switches something on. */

import type { ComponentType } from 'react';

interface Props {
  Icon: ComponentType;
  name: string;
  hotkey?: string;
  testId: string;
  disabled: boolean;
  pending?: boolean;
  pressed?: boolean;
  /** It opens a panel below the bar. */
  expanded?: boolean;
  /** Why it cannot be used, or what it does, in a few words. */
  hint?: string;
  onClick: () => void;
}

export function ToolButton({ Icon, name, hotkey, testId, disabled, pending, pressed, expanded, hint, onClick }: Props) {
  return (
    <button
      type="button"
      className="tool"
      data-testid={testId}
      data-pending={pending}
      aria-pressed={pressed}
      aria-expanded={expanded}
      disabled={disabled || pending}
      title={[hint ?? name, hotkey].filter(Boolean).join(' · ')}
      onClick={onClick}
    >
      <Icon />
      <span>{name}</span>
    </button>
  );
}
