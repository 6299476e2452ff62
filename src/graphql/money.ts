import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type { Permission } from '../auth/permissions.ts';
import { builder, type Types } from '../builder.ts';
import { modelField } from './model.ts';

/** An amount in minor units with its currency. Never passes through a JavaScript number. */
export interface MoneyValue {
  readonly cents: bigint;
  readonly currency: string;
}

/** The currencies that have not two decimals (ISO 4217, list one), by how many they have. */
const unusual: Readonly<Record<number, readonly string[]>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' '),
  3: 'BHD IQD JOD KWD LYD OMR TND'.split(' '),
  4: 'CLF UYW'.split(' '),
};

const placesOf = new Map(
  Object.entries(unusual).flatMap(([places, currencies]) => currencies.map((code) => [code, Number(places)] as const)),
);

/** How many decimals a currency has. */
const decimals = (currency: string): number => placesOf.get(currency) ?? 2;

/** `123456n` USD -> `1234.56`; `123456n` JPY -> `123456`. */
export function formatAmount({ cents, currency }: MoneyValue): string {
  const places = decimals(currency);
  const digits = (cents < 0n ? -cents : cents).toString().padStart(places + 1, '0');
  const whole = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return cents < 0n ? `-${whole}` : whole;
}

/** {@link formatAmount} in SQL. */
export function amountSql(cents: string, currency: string): string {
  const scaled = (places: number) =>
    places === 0 ? `${cents}::text` : `(${cents} * ${(10 ** -places).toFixed(places)})::text`;
  const branches = Object.entries(unusual).map(([places, currencies]) => {
    const codes = currencies.map((code) => `'${code}'`).join(', ');
    return ` when ${currency} in (${codes}) then ${scaled(Number(places))}`;
  });
  return `case${branches.join('')} else ${scaled(2)} end`;
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

/** Prisma's `select` of a column that a path of relations leads to. */
const selectAt = ([name = '', ...rest]: readonly string[]): object => ({
  [name]: rest.length > 0 ? { select: selectAt(rest) } : true,
});

/**
 * A field that gives an amount of a row; null where the column may be and is.
 *
 * @param cents the column of the minor units.
 * @param currency the column of the currency: one of this row, or of the row that a relation leads to.
 * @param requirement what it asks for beside the permission to read the row.
 */
export function money<Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
  description: string,
  cents: string,
  currency: readonly string[] = ['currency'],
  requirement: { readonly permission?: Permission } = {},
) {
  const { model } = t as unknown as { model: string };
  return t.field({
    type: Money,
    nullable: !modelField(model, cents).isRequired,
    description,
    select: { [cents]: true, ...selectAt(currency) },
    extensions: { money: { cents, currency }, ...requirement },
    resolve: (row: object): MoneyValue | null => {
      const amount = Reflect.get(row, cents) as bigint | null;
      const code = () => String(currency.reduce<object>((at, name) => Reflect.get(at, name) as object, row));
      return amount === null ? null : { cents: amount, currency: code() };
    },
  } as never);
}
