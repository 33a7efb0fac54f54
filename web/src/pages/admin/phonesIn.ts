/** Phones as people type them: one after the other, with spaces, commas or lines between. Pure. */

export const phonesIn = (text: string): string[] => [...new Set(text.split(/[\s,;，；、]+/).filter(Boolean))];
