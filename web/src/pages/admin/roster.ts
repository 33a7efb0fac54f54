/** Days and plans of the roster: ISO day → shift → agents. */

export type Plan = Record<string, Record<string, number[]>>;

/** As this computer's calendar has it. */
export function isoDay(day: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(day.getFullYear())}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** At noon, so that no change of the clocks makes another day of it. */
export function daysLater(day: Date, count: number): Date {
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + count, 12);
}

export function mondayOf(day: Date): Date {
  return daysLater(day, -((day.getDay() + 6) % 7));
}

export function planOf(duties: { day: string; shift: string; agent_id: number }[]): Plan {
  const plan: Plan = {};
  for (const { day, shift, agent_id } of duties) {
    const shifts = (plan[day] ??= {});
    (shifts[shift] ??= []).push(agent_id);
  }
  return plan;
}

export const shiftsOn = (plan: Plan, day: string): Record<string, number[]> => plan[day] ?? {};
