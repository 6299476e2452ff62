import { builder } from '../builder.ts';

type Values = readonly string[] | Readonly<Record<string, string>>;

/**
 * A closed set of a text column as a GraphQL enum: `in_review` becomes IN_REVIEW.
 *
 * @param values the column's values, or the values with a description each.
 */
export function enumOf(name: string, description: string, values: Values) {
  const described = Array.isArray(values)
    ? values.map((value: string) => [value, undefined] as const)
    : Object.entries(values);
  const entries = described.map(([value, text]) => [value.toUpperCase(), { value, description: text }] as const);
  return builder.enumType(name, {
    description,
    values: Object.fromEntries(entries) as Record<string, { value: string; description?: string }>,
  });
}

export type EnumRef = ReturnType<typeof enumOf>;
