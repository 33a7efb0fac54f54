import { expect, test } from 'vitest';
import { HOTKEYS, hotkeyOf, type Keystroke } from './keys.ts';

const stroke = (change: Partial<Keystroke>): Keystroke => ({
  code: '',
  key: '',
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  typing: false,
  ...change,
});

test('the physical key counts, whatever the layout makes of it', () => {
  expect(hotkeyOf(stroke({ code: 'KeyH', key: '˙', altKey: true }))).toEqual({ action: 'hangUp' });
  expect(hotkeyOf(stroke({ code: 'Enter', key: 'Enter', altKey: true, typing: true }))).toEqual({ action: 'finish' });
  expect(hotkeyOf(stroke({ code: 'Digit3', key: '£', altKey: true }))).toEqual({ action: 'disposition', digit: 3 });
});

test('composing Chinese, holding a key and shortcuts of the browser are left alone', () => {
  const alt = { code: 'KeyH', altKey: true };
  expect(hotkeyOf(stroke({ ...alt, isComposing: true }))).toBeNull();
  expect(hotkeyOf(stroke({ ...alt, repeat: true }))).toBeNull();
  expect(hotkeyOf(stroke({ ...alt, ctrlKey: true }))).toBeNull();
});

test('single letters act only where nothing is being typed', () => {
  expect(hotkeyOf(stroke({ code: 'KeyF', key: 'f' }))).toEqual({ action: 'fullScreen' });
  expect(hotkeyOf(stroke({ code: 'KeyF', key: 'f', typing: true }))).toBeNull();
  expect(hotkeyOf(stroke({ code: 'Slash', key: '？' }))).toEqual({ action: 'sheet' });
  expect(hotkeyOf(stroke({ code: 'Slash', key: '?', typing: true }))).toBeNull();
});

test('each action stands on the sheet once', () => {
  const actions = HOTKEYS.map(({ action }) => action);
  expect(new Set(actions).size).toBe(actions.length);
});
