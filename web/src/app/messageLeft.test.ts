// @vitest-environment jsdom
import { expect, test } from 'vitest';
import { startTexts } from '../i18n/index.ts';
import { useToasts } from '../ui/toasts.ts';
import { tellOfMessage } from './messageLeft.ts';

const told = (): string[] => useToasts.getState().toasts.map(({ text }) => text);

test('a new message is told with its box and masked number, anything else is not', async () => {
  await startTexts();
  const envelope = { epoch: 'e', seq: 1, ts: 1 };
  tellOfMessage({ ...envelope, type: 'ping', data: null });
  expect(told()).toEqual([]);
  const data = { topic: 'voicemail', box: 'night', caller: '138****8000' };
  tellOfMessage({ ...envelope, type: 'message_left', data });
  expect(told()).toHaveLength(1);
  expect(told()[0]).toContain('night');
  expect(told()[0]).toContain('138****8000');
});
