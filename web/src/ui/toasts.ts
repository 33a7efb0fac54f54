import { create } from 'zustand';

const INFO_SHOWN_MS = 3_500;
const ERROR_SHOWN_MS = 12_000;
const MOST_AT_ONCE = 3;

interface Toast {
  id: number;
  kind: 'info' | 'error';
  text: string;
}

let lastId = 0;

export const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));

export function showToast(kind: Toast['kind'], text: string): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts.filter((toast) => toast.text !== text), { id, kind, text }].slice(-MOST_AT_ONCE),
  }));
  setTimeout(() => dismissToast(id), kind === 'error' ? ERROR_SHOWN_MS : INFO_SHOWN_MS);
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}
