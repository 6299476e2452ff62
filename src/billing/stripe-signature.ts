/**
 * The header `Stripe-Signature`: `t=<seconds>,v1=<hex>,…`, where each v1 is the HMAC-SHA-256 of `<t>.<body>` under a signing
 * secret of the endpoint. While a secret is rolled there are several. An old one is refused, so that nobody sends it again.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const toleranceSeconds = 300;

/** What stands behind a name in the header; a name may come several times. */
const valuesOf = (header: string, name: string): string[] =>
  header
    .split(',')
    .slice(0, 20)
    .map((part) => part.trim().split('='))
    .filter(([key]) => key === name)
    .map(([, value = '']) => value);

function isSame(one: Buffer, hex: string): boolean {
  const other = Buffer.from(hex, 'hex');
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether Stripe signed a body with the secret, not longer ago than five minutes. */
export function isSigned(body: string, header: string, secret: string, now = Date.now()): boolean {
  const [time = ''] = valuesOf(header, 't');
  if (!/^\d{1,12}$/.test(time) || Math.abs(now / 1000 - Number(time)) > toleranceSeconds) return false;
  const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest();
  return valuesOf(header, 'v1').some((value) => isSame(expected, value));
}
