// @vitest-environment jsdom
import { beforeEach, expect, test } from 'vitest';
import { changeDraft, draftKey, hasContent, pruned, useDrafts } from './drafts.ts';

beforeEach(() => useDrafts.setState({ drafts: {} }));

const of = (key: string) => useDrafts.getState().drafts[key];

test('each call keeps its own draft, part by part, also in the browser', () => {
  const [first, second] = [draftKey(1, 'c1'), draftKey(1, 'c2')];
  changeDraft(first, '138', { note: '漏水' });
  changeDraft(second, '139', { code: 'bill' });
  changeDraft(first, '138', { code: 'repair' });
  expect(of(first)).toMatchObject({ note: '漏水', code: 'repair', sent: false });
  expect(of(second)).toMatchObject({ note: '', code: 'bill' });
  expect(localStorage.getItem('cti.drafts')).toContain('漏水');
});

test('two people at one browser do not see each other', () => {
  changeDraft(draftKey(1, 'c1'), '138', { note: '甲' });
  expect(of(draftKey(2, 'c1'))).toBeUndefined();
});

test('sent is no longer waiting; a change afterwards is', () => {
  const key = draftKey(1, 'c1');
  changeDraft(key, '138', { code: 'bill' });
  changeDraft(key, '138', { sent: true });
  expect(hasContent(of(key))).toBe(false);
  changeDraft(key, '138', { note: '补充' });
  expect(hasContent(of(key))).toBe(true);
});

test('old drafts are cleared away', () => {
  const draft = { number: '', code: '', note: 'x', sent: false };
  const day = 86_400;
  expect(
    Object.keys(pruned({ old: { ...draft, changedAt: 0 }, new: { ...draft, changedAt: 3 * day } }, 4 * day)),
  ).toEqual(['new']);
});
