// Civil days, the finest time in any sealed content.

/** The civil day in Asia/Shanghai (UTC+8, without summer time since 1991) as `YYYY-MM-DD`. */
export function beijingDay(now: number): string {
  return new Date(now + 8 * 3600 * 1000).toISOString().slice(0, 10);
}

/** Whether a text is a day as `YYYY-MM-DD`, and one that is in the calendar: there is no 30 February. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** Days from one day to another; negative if the other is earlier. */
export function daysBetween(from: string, until: string): number {
  return (Date.parse(until) - Date.parse(from)) / 86_400_000;
}
