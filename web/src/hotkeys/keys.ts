/** The hotkeys: physical keys (`event.code`), so that they work with every layout and input method. Pure. */

export type HotkeyAction =
  | 'ready'
  | 'presence'
  | 'hangUp'
  | 'answer'
  | 'reject'
  | 'copyNumber'
  | 'note_field'
  | 'finish'
  | 'dial'
  | 'redial'
  | 'hold'
  | 'mute'
  | 'recording'
  | 'keypad'
  | 'piece'
  | 'transfer'
  | 'consult'
  | 'invite'
  | 'survey'
  | 'help'
  | 'consultSwap'
  | 'consultComplete'
  | 'consultMerge'
  | 'consultCancel'
  | 'leave'
  | 'extend'
  | 'disposition'
  | 'order'
  | 'sheet'
  | 'fullScreen'
  | 'theme';

interface Hotkey {
  action: HotkeyAction;
  /** Shown on the sheet. */
  label: string;
}

export const HOTKEYS: Hotkey[] = [
  { action: 'ready', label: 'Alt R' },
  { action: 'presence', label: 'Alt P' },
  { action: 'answer', label: 'Alt A' },
  { action: 'reject', label: 'Alt F' },
  { action: 'copyNumber', label: 'Alt C' },
  { action: 'note_field', label: 'Alt N' },
  { action: 'disposition', label: 'Alt 1–9' },
  { action: 'order', label: 'Alt O' },
  { action: 'finish', label: 'Alt Enter' },
  { action: 'extend', label: 'Alt E' },
  { action: 'dial', label: 'Alt B' },
  { action: 'redial', label: 'Alt D' },
  { action: 'hold', label: 'Alt L' },
  { action: 'mute', label: 'Alt M' },
  { action: 'recording', label: 'Alt G' },
  { action: 'keypad', label: 'Alt K' },
  { action: 'piece', label: 'Alt J' },
  { action: 'transfer', label: 'Alt T' },
  { action: 'consult', label: 'Alt U' },
  { action: 'invite', label: 'Alt I' },
  { action: 'survey', label: 'Alt S' },
  { action: 'help', label: 'Alt Y' },
  { action: 'consultComplete', label: 'Alt V' },
  { action: 'consultSwap', label: 'Alt W' },
  { action: 'consultMerge', label: 'Alt X' },
  { action: 'consultCancel', label: 'Alt Z' },
  { action: 'leave', label: 'Alt Q' },
  { action: 'hangUp', label: 'Alt H' },
  { action: 'sheet', label: '?' },
  { action: 'fullScreen', label: 'F' },
  { action: 'theme', label: 'T' },
];

const WITH_ALT: Record<string, HotkeyAction> = {
  KeyR: 'ready',
  KeyP: 'presence',
  KeyA: 'answer',
  KeyF: 'reject',
  KeyC: 'copyNumber',
  KeyN: 'note_field',
  KeyO: 'order',
  Enter: 'finish',
  NumpadEnter: 'finish',
  KeyE: 'extend',
  KeyH: 'hangUp',
  KeyB: 'dial',
  KeyD: 'redial',
  KeyL: 'hold',
  KeyM: 'mute',
  KeyG: 'recording',
  KeyK: 'keypad',
  KeyJ: 'piece',
  KeyT: 'transfer',
  KeyU: 'consult',
  KeyI: 'invite',
  KeyS: 'survey',
  KeyY: 'help',
  KeyV: 'consultComplete',
  KeyW: 'consultSwap',
  KeyX: 'consultMerge',
  KeyZ: 'consultCancel',
  KeyQ: 'leave',
};

/** Only where nothing is being typed. */
const ALONE: Record<string, HotkeyAction> = { KeyF: 'fullScreen', KeyT: 'theme' };

export interface Keystroke {
  code: string;
  key: string;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  repeat: boolean;
  isComposing: boolean;
  /** The focus is in a field. */
  typing: boolean;
}

export interface Pressed {
  action: HotkeyAction;
  /** 1–9 for "disposition". */
  digit?: number;
}

/** While Chinese is being composed no key is a hotkey; a key held down acts once. */
export function hotkeyOf(stroke: Keystroke): Pressed | null {
  if (stroke.isComposing || stroke.repeat || stroke.ctrlKey || stroke.metaKey) return null;
  if (stroke.altKey) {
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(stroke.code)?.[1];
    if (digit !== undefined) return { action: 'disposition', digit: Number(digit) };
    const action = WITH_ALT[stroke.code];
    return action === undefined ? null : { action };
  }
  if (stroke.typing) return null;
  // The question mark sits elsewhere on each layout: here the character is what is meant, not the key.
  if (stroke.key === '?' || stroke.key === '？') return { action: 'sheet' };
  const action = ALONE[stroke.code];
  return action === undefined ? null : { action };
}
