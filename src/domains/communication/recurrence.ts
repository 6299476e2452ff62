/**
 * Rules by which events repeat: the part of RFC 5545 that calendars write for days. `app.occurrences` of the database reads
 * them.
 */
import { UserError } from '../../errors.ts';

const weekday = '(MO|TU|WE|TH|FR|SA|SU)';
const list = (item: string): RegExp => new RegExp(`^${item}(,${item})*$`);

/** What each part of a rule may hold. */
const values: Readonly<Record<string, RegExp>> = {
  FREQ: /^(DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  COUNT: /^[1-9]\d{0,2}$/,
  UNTIL: /^\d{8}(T\d{6}Z)?$/,
  BYDAY: list(`(-?[1-5])?${weekday}`),
  BYMONTHDAY: list('-?([1-9]|[12]\\d|3[01])'),
  BYMONTH: list('([1-9]|1[0-2])'),
  WKST: /^MO$/,
};

/** In words, for the schema and for whoever wrote another one. */
export const recurrenceGrammar =
  'FREQ=DAILY, WEEKLY, MONTHLY or YEARLY, then as needed INTERVAL, COUNT or UNTIL, BYDAY, BYMONTHDAY and BYMONTH';

const refuse = (message: string) => new UserError('BAD_USER_INPUT', message, ['recurrence']);

/** `FREQ=WEEKLY;BYDAY=MO` -> FREQ: WEEKLY, BYDAY: MO. */
function partsOf(rule: string): Map<string, string> {
  const parts = new Map<string, string>();
  for (const part of rule.split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    if (rest.length > 0 || parts.has(name) || !Object.hasOwn(values, name) || !values[name]?.test(value))
      throw refuse(`recurrence expects ${recurrenceGrammar}.`);
    parts.set(name, value);
  }
  if (!rule.startsWith('FREQ=')) throw refuse('A rule begins with FREQ.');
  return parts;
}

/** `20260228` or `20260228T120000Z` is a moment, `20260231` is none. */
function isMoment(until: string): boolean {
  const [, year, month, day, hour = '00', minute = '00', second = '00'] =
    /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)Z)?$/.exec(until) ?? [];
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const moment = new Date(text);
  return !Number.isNaN(moment.getTime()) && moment.toISOString() === text;
}

/** What is wrong with parts that are right each for itself. */
function contradiction(parts: ReadonlyMap<string, string>): string | null {
  const freq = parts.get('FREQ');
  const inMonth = freq === 'MONTHLY' || (freq === 'YEARLY' && parts.has('BYMONTH'));
  if (parts.has('COUNT') && parts.has('UNTIL')) return 'A rule has COUNT or UNTIL, not both.';
  if (!isMoment(parts.get('UNTIL') ?? '20260101')) return 'UNTIL is no date.';
  if (parts.has('BYMONTHDAY') && !inMonth) return 'BYMONTHDAY needs FREQ=MONTHLY, or BYMONTH.';
  if (/\d/.test(parts.get('BYDAY') ?? '') && !inMonth)
    return 'A numbered weekday in BYDAY needs FREQ=MONTHLY, or BYMONTH.';
  if (parts.has('BYDAY') && freq === 'YEARLY' && !inMonth) return 'BYDAY of a year needs BYMONTH.';
  return null;
}

/**
 * Refuses a rule that the calendar does not understand.
 *
 * @throws UserError BAD_USER_INPUT, naming what is wrong with it.
 */
export function checkRecurrence(rule: unknown): void {
  if (typeof rule !== 'string') return;
  if (rule.length > 200) throw refuse('A rule has at most 200 letters.');
  const wrong = contradiction(partsOf(rule));
  if (wrong) throw refuse(wrong);
}
