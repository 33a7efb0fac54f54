/** Files that take their time: fetched with progress, then handed to the browser to be kept. */

import { useCallback, useEffect, useRef, useState } from 'react';
import { asProblem, problemFrom } from './problem.ts';

export interface Progress {
  /** Bytes so far; `share` is null where nobody knows how much there will be. */
  received: number;
  share: number | null;
}

interface Download {
  /** Null: nothing is being fetched. */
  progress: Progress | null;
  error: unknown;
  start: (address: string, name: string) => void;
  cancel: () => void;
}

export function useDownload(): Download {
  const [progress, setProgress] = useState<Progress | null>(null);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController | null>(null);
  const cancel = useCallback(() => running.current?.abort(), []);
  useEffect(() => cancel, [cancel]);

  const start = useCallback((address: string, name: string) => {
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    setError(null);
    setProgress({ received: 0, share: null });
    fetchFile(address, controller.signal, setProgress)
      .then((file) => keep(file, name))
      .catch((reason: unknown) => {
        if (!controller.signal.aborted) setError(reason);
      })
      .finally(() => {
        if (running.current === controller) setProgress(null);
      });
  }, []);
  return { progress, error, start, cancel };
}

async function fetchFile(address: string, signal: AbortSignal, tell: (progress: Progress) => void): Promise<Blob> {
  const response = await fetch(address, { signal }).catch((reason: unknown) => {
    throw signal.aborted ? reason : asProblem(reason);
  });
  if (!response.ok) throw problemFrom(response.status, await response.json().catch(() => null));
  const length = Number(response.headers.get('Content-Length') ?? 0);
  const rows = Number(response.headers.get('X-Total-Count') ?? 0);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  let lines = 0;
  const reader = response.body?.getReader();
  for (let piece = await reader?.read(); piece !== undefined && !piece.done; piece = await reader?.read()) {
    pieces.push(piece.value);
    received += piece.value.length;
    if (length === 0 && rows > 0) lines += piece.value.reduce((count, byte) => count + Number(byte === 10), 0);
    const share = length > 0 ? received / length : rows > 0 ? lines / (rows + 1) : null;
    tell({ received, share: share === null ? null : Math.min(1, share) });
  }
  return new Blob(pieces, { type: response.headers.get('Content-Type') ?? '' });
}

function keep(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser has taken the address over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
