import { afterEach, expect, test, vi } from 'vitest';
import { entryOf, watchForNewBuild } from './newBuild.ts';

const page = (entry: string): Response => new Response(`<script type="module" crossorigin src="/assets/${entry}.js">`);

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the entry is the first script of the document', () => {
  expect(entryOf('<head><script type="module" crossorigin src="/assets/index-a1.js"></script>')).toBe(
    '/assets/index-a1.js',
  );
  expect(entryOf('<h1>502</h1>')).toBeNull();
});

test('the board reloads for a new build, and not for a server that is away or says something else', async () => {
  vi.useFakeTimers();
  const answers = [page('a'), page('a'), new Response('<h1>502</h1>', { status: 502 }), null, page('b')];
  const asked = vi.fn(() => {
    const answer = answers.shift();
    return answer ? Promise.resolve(answer) : Promise.reject(new TypeError('away'));
  });
  vi.stubGlobal('fetch', asked);
  const reload = vi.fn();
  const stop = watchForNewBuild(reload);
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(asked).toHaveBeenCalledTimes(4);
  expect(reload).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reload).toHaveBeenCalledTimes(1);
  stop();
  await vi.advanceTimersByTimeAsync(10 * 60_000);
  expect(asked).toHaveBeenCalledTimes(5);
});
