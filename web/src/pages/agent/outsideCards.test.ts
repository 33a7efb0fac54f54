import { expect, test } from 'vitest';
import { shown } from './OutsideCards.tsx';

test('money is written as money, everything else as it came', () => {
  expect(shown({ value: '1234.5', form: 'money' }, 'zh-CN')).toBe('¥1,234.50');
  expect(shown({ value: '0', form: 'money' }, 'zh-CN')).toBe('¥0.00');
  expect(shown({ value: 'unknown', form: 'money' }, 'zh-CN')).toBe('unknown');
  expect(shown({ value: '2026-12-10', form: 'date' }, 'en')).toBe('2026-12-10');
});
