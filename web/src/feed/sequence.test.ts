import { expect, test } from 'vitest';
import { feedUrl, judge, NOWHERE } from './sequence.ts';

const at5 = { epoch: 'e1', seq: 5 };

test('the next number is applied', () => {
  expect(judge(at5, { epoch: 'e1', seq: 6, type: 'queue' })).toEqual({
    verdict: 'apply',
    position: { epoch: 'e1', seq: 6 },
  });
});

test('what was seen before is dropped, the position stays', () => {
  for (const seq of [5, 4, 1]) {
    expect(judge(at5, { epoch: 'e1', seq, type: 'queue' })).toEqual({ verdict: 'drop', position: at5 });
  }
});

test('a ping repeats the last number and changes nothing', () => {
  expect(judge(at5, { epoch: 'e1', seq: 5, type: 'ping' }).verdict).toBe('drop');
});

test('a gap asks for what came after the last number', () => {
  const judged = judge(at5, { epoch: 'e1', seq: 8, type: 'queue' });
  expect(judged).toEqual({ verdict: 'resync', position: at5 });
  expect(feedUrl('ws://host', judged.position)).toBe('ws://host/ws/events?epoch=e1&after=5');
});

test('a server that began anew is asked for everything', () => {
  const judged = judge(at5, { epoch: 'e2', seq: 6, type: 'queue' });
  expect(judged).toEqual({ verdict: 'resync', position: NOWHERE });
  expect(feedUrl('ws://host', judged.position)).toBe('ws://host/ws/events');
});

test('a snapshot is taken at any number and counted on from, also for a page that was too slow', () => {
  for (const message of [
    { epoch: 'e1', seq: 900, type: 'snapshot' },
    { epoch: 'e2', seq: 1, type: 'snapshot' },
  ]) {
    expect(judge(at5, message)).toEqual({
      verdict: 'apply',
      position: { epoch: message.epoch, seq: message.seq },
    });
  }
});
