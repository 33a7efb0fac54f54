/** What a person chose for this browser; survives reload. public/theme.js reads the same key before the first paint. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Language } from '../api/types.ts';

const STORED_AS = 'cti.preferences';

export type Theme = 'light' | 'dark';

interface Preferences {
  theme: Theme;
  language: Language;
  ringing: boolean;
}

export const usePreferences = create<Preferences>()(
  persist<Preferences>(() => ({ theme: 'light', language: 'zh-CN', ringing: true }), { name: STORED_AS }),
);

/** The language of the account, for a browser in which nobody has chosen anything yet. */
export function suggestLanguage(language: string): void {
  if (localStorage.getItem(STORED_AS) !== null) return;
  if (language === 'zh-CN' || language === 'en') setLanguage(language);
}

/** What a screen's link says, unless somebody has chosen otherwise in this very browser. */
export function setPreferences(language: string, theme: string): void {
  if (localStorage.getItem(STORED_AS) !== null) return;
  usePreferences.setState({
    language: language === 'en' ? 'en' : 'zh-CN',
    theme: theme === 'light' ? 'light' : 'dark',
  });
}

export function toggleTheme(): void {
  usePreferences.setState(({ theme }) => ({ theme: theme === 'light' ? 'dark' : 'light' }));
}

export function setLanguage(language: Language): void {
  usePreferences.setState({ language });
}

export function toggleRinging(): void {
  usePreferences.setState(({ ringing }) => ({ ringing: !ringing }));
}
