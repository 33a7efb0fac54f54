/** What stands between commas, semicolons (also full-width ones) or spaces. */
export const parted = (typed: string): string[] => typed.split(/[\s,;，；、]+/).filter((one) => one !== '');
