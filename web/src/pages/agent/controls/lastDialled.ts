/** The number dialled last, per person, kept in this browser for redialling. */

import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface LastDialled {
  numbers: Record<number, string>;
}

const useStore = create<LastDialled>()(persist<LastDialled>(() => ({ numbers: {} }), { name: 'cti.lastDialled' }));

export const useLastDialled = (userId: number): string => useStore((state) => state.numbers[userId] ?? '');

export function rememberDialled(userId: number, number: string): void {
  useStore.setState(({ numbers }) => ({ numbers: { ...numbers, [userId]: number } }));
}
