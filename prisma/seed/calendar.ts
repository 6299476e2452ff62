/** Times relative to the last midnight UTC, so that the demo is as fresh next year as it is today. */

const minuteMs = 60_000;
const dayMs = 86_400_000;
const today = () => Math.floor(Date.now() / dayMs) * dayMs;

export interface Calendar {
  /** A moment so many days ago (1: yesterday), at a minute of that day. */
  ago(days: number, minute?: number): string;
  /** The same, in office hours, and on Friday when it would be a weekend. */
  workday(days: number, minute: number): string;
  /** A date so many days from now; negative in the past. */
  date(days: number): string;
}

/** Office hours begin at 08:00 UTC; `minute` counts from there. */
const opening = 8 * 60;

export function createCalendar(): Calendar {
  const midnight = today();
  const moment = (days: number, minute: number) => new Date(midnight - days * dayMs + minute * minuteMs);
  return {
    ago: (days, minute = 0) => moment(days, minute).toISOString(),
    workday: (days, minute) => {
      const weekday = moment(days, 0).getUTCDay();
      const back = weekday === 6 ? 1 : weekday === 0 ? 2 : 0;
      return moment(days + back, opening + minute).toISOString();
    },
    date: (days) => moment(-days, 0).toISOString().slice(0, 10),
  };
}
