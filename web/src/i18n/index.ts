/** Texts per language. The server sends codes and parameters, never sentences: they become words here. */

import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';
import deskEn from './desk/en.json';
import deskZhCN from './desk/zh-CN.json';
import en from './en.json';
import zhCN from './zh-CN.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof zhCN & { desk: typeof deskZhCN } };
    // A code this version does not know yet is shown as it is.
    returnNull: false;
  }
}

export async function startTexts(): Promise<void> {
  const { language } = usePreferences.getState();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'zh-CN',
    resources: {
      'zh-CN': { translation: { ...zhCN, desk: deskZhCN } },
      en: { translation: { ...en, desk: deskEn } },
    },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language;
  usePreferences.subscribe((next, previous) => {
    if (next.language === previous.language) return;
    document.documentElement.lang = next.language;
    void i18next.changeLanguage(next.language);
  });
}
