import { builder } from '../builder.ts';

/** An amount in minor units with its currency. Never passes through a JavaScript number. */
export interface MoneyValue {
  readonly cents: bigint;
  readonly currency: string;
}

/** How many decimals a currency has (ISO 4217). */
function decimals(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** `123456n` USD -> `1234.56`; `123456n` JPY -> `123456`. */
export function formatAmount({ cents, currency }: MoneyValue): string {
  const places = decimals(currency);
  const digits = (cents < 0n ? -cents : cents).toString().padStart(places + 1, '0');
  const whole = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return cents < 0n ? `-${whole}` : whole;
}

/** The output type of every amount. */
export const Money = builder.objectRef<MoneyValue>('Money').implement({
  description: 'An amount of money.',
  fields: (t) => ({
    cents: t.field({ type: 'BigInt', description: 'The amount in minor units.', resolve: ({ cents }) => cents }),
    currency: t.exposeString('currency', { description: 'The ISO 4217 currency.' }),
    amount: t.string({ description: 'The amount in major units, as a decimal text.', resolve: formatAmount }),
  }),
});
