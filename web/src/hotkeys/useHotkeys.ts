import { useEffect, useRef } from 'react';
import { type HotkeyAction, hotkeyOf, type Pressed } from './keys.ts';

type Handlers = Partial<Record<HotkeyAction, (pressed: Pressed) => void>>;

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));
}

/** Handlers of the component that is on the screen; an action without a handler leaves the key to the browser. */
export function useHotkeys(handlers: Handlers): void {
  const current = useRef(handlers);
  useEffect(() => {
    current.current = handlers;
  });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      // A modal question has the keyboard to itself.
      if (document.querySelector('dialog[open]')) return;
      const { code, key, altKey, ctrlKey, metaKey, repeat, isComposing } = event;
      const typing = isTyping(event.target);
      const pressed = hotkeyOf({ code, key, altKey, ctrlKey, metaKey, repeat, isComposing, typing });
      const handler = pressed === null ? undefined : current.current[pressed.action];
      if (pressed === null || handler === undefined) return;
      event.preventDefault();
      handler(pressed);
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
