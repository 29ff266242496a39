// Civil days, the finest time in any sealed content.

/** The civil day in Asia/Shanghai (UTC+8, without summer time since 1991) as `YYYY-MM-DD`. */
export function beijingDay(now: number): string {
  return new Date(now + 8 * 3600 * 1000).toISOString().slice(0, 10);
}
