import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import deskEn from './desk/en.json';
import deskZhCN from './desk/zh-CN.json';
import en from './en.json';
import { inLanguage } from './words.ts';
import zhCN from './zh-CN.json';

interface Texts {
  [key: string]: string | Texts;
}

function flat(texts: Texts, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[prefix + key, value]] : Object.entries(flat(value, `${prefix}${key}.`)),
    ),
  );
}

const chinese = flat({ ...zhCN, desk: deskZhCN });
const english = flat({ ...en, desk: deskEn });
const placeholders = (text: string): string[] => (text.match(/\{\{\w+\}\}/g) ?? []).sort();

test('both languages have the same keys', () => {
  expect(Object.keys(english).sort()).toEqual(Object.keys(chinese).sort());
});

test('no text is empty, and both fill in the same values', () => {
  for (const [key, text] of Object.entries(chinese)) {
    expect(text, key).not.toBe('');
    expect(english[key], key).not.toBe('');
    expect(placeholders(english[key] ?? ''), key).toEqual(placeholders(text));
  }
});

test('no page has Chinese text of its own: it would stay Chinese in English', () => {
  const folder = new URL('../', import.meta.url).pathname;
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'),
  );
  expect(sources.length).toBeGreaterThan(20);
  for (const name of sources) {
    const code = readFileSync(join(folder, name), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(code.match(/\p{Script=Han}+/u)?.[0], name).toBeUndefined();
  }
});

test('a name falls back to Chinese, then to any language, then to its code', () => {
  expect(inLanguage({ 'zh-CN': '报修', en: 'Repairs' }, 'en', 'repairs')).toBe('Repairs');
  expect(inLanguage({ 'zh-CN': '报修' }, 'en', 'repairs')).toBe('报修');
  expect(inLanguage({ fr: 'Pannes' }, 'en', 'repairs')).toBe('Pannes');
  expect(inLanguage(undefined, 'en', 'repairs')).toBe('repairs');
});
