import { GraphQLError } from 'graphql';

const pattern =
  /^([-+]?)P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/**
 * Adds an ISO 8601 duration to a moment, by the UTC calendar.
 *
 * @param text for example `-P2W` or `P1DT12H`.
 * @throws GraphQLError when the text is no duration or leads out of the calendar.
 */
export function addDuration(moment: Date, text: string): Date {
  const match = pattern.exec(text);
  const refuse = () =>
    new GraphQLError('Expected an ISO 8601 duration between the years 1 and 9999, for example -P2W.', {
      extensions: { code: 'BAD_USER_INPUT' },
    });
  if (!match) throw refuse();
  const sign = match[1] === '-' ? -1 : 1;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(2)
    .map((part) => sign * Number(part ?? 0)) as [number, number, number, number, number, number, number];
  const result = new Date(moment);
  result.setUTCFullYear(
    result.getUTCFullYear() + years,
    result.getUTCMonth() + months,
    result.getUTCDate() + weeks * 7 + days,
  );
  result.setUTCSeconds(result.getUTCSeconds() + hours * 3600 + minutes * 60 + seconds);
  if (!Number.isFinite(result.getTime()) || result.getUTCFullYear() < 1 || result.getUTCFullYear() > 9999)
    throw refuse();
  return result;
}
