/** What a person chose for this browser; survives reload. public/theme.js reads the same key before the first paint. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import type { Language } from '../api/types.ts';

export type Theme = 'light' | 'dark';

interface Preferences {
  theme: Theme;
  language: Language;
  ringing: boolean;
}

export const usePreferences = create<Preferences>()(
  persist<Preferences>(() => ({ theme: 'light', language: 'zh-CN', ringing: true }), { name: 'cti.preferences' }),
);

export function toggleTheme(): void {
  usePreferences.setState(({ theme }) => ({ theme: theme === 'light' ? 'dark' : 'light' }));
}

export function setLanguage(language: Language): void {
  usePreferences.setState({ language });
}

export function toggleRinging(): void {
  usePreferences.setState(({ ringing }) => ({ ringing: !ringing }));
}
