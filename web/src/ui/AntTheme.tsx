/** antd's pickers in the page's language, theme and colours: its own greys are too faint to read. */

import { ConfigProvider, theme as antdTheme } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import 'dayjs/locale/zh-cn';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePreferences } from '../app/preferences.ts';

export function AntTheme({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation();
  const dark = usePreferences((state) => state.theme) === 'dark';
  return (
    <ConfigProvider
      locale={i18n.language === 'en' ? enUS : zhCN}
      theme={{
        algorithm: dark ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
        token: {
          colorPrimary: dark ? '#82adff' : '#1d57c7',
          colorTextPlaceholder: dark ? '#9aa8b8' : '#596675',
          colorTextQuaternary: dark ? '#9aa8b8' : '#596675',
          colorBgContainer: dark ? '#151c25' : '#ffffff',
          colorBorder: dark ? '#44546a' : '#b9c3cf',
          fontFamily: 'var(--font)',
          borderRadius: 6,
          controlHeight: 34,
        },
      }}
    >
      {children}
    </ConfigProvider>
  );
}
