/** A wallboard hangs on its wall for months: when new pages were installed it loads itself anew. */

import { useEffect } from 'react';

const LOOK_EVERY_MS = 60_000;

/** The script with which a document begins; its name changes with each build. Null: none is named. */
export const entryOf = (html: string): string | null => /<script[^>]*\ssrc="([^"]+)"/.exec(html)?.[1] ?? null;

async function installedEntry(signal: AbortSignal): Promise<string | null> {
  const response = await fetch('/', { signal, cache: 'no-store' });
  return response.ok ? entryOf(await response.text()) : null;
}

/** `mine` is the entry of this page; null: the first that is seen. `reload` is what happens for another one. While the server is away, or answers something else, the board stays as it is. */
export function watchForNewBuild(reload: () => void, mine: string | null = null): () => void {
  const controller = new AbortController();
  let known = mine;
  const look = async (): Promise<void> => {
    const installed = await installedEntry(controller.signal).catch(() => null);
    if (installed === null || controller.signal.aborted) return;
    known ??= installed;
    if (installed !== known) reload();
  };
  void look();
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  return () => {
    clearInterval(timer);
    controller.abort();
  };
}

export function useNewBuild(): void {
  useEffect(() => {
    const mine = document.querySelector('script[src]')?.getAttribute('src') ?? null;
    return watchForNewBuild(() => location.reload(), mine);
  }, []);
}
