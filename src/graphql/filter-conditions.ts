/**
 * One column's operators as Prisma conditions.
 */
import { badInput } from '../errors.ts';
import { type ColumnKind, columnKind } from './filter-operators.ts';
import { toUuid } from './ids.ts';
import { keyColumn, type ModelField, referencedModel } from './model.ts';

export type Where = Record<string, unknown>;
export type FilterInput = Readonly<Record<string, unknown>>;

/** Every present key of an input, or an error when there is none or one is null. */
export function presentEntries(input: FilterInput, where: string): [string, unknown][] {
  const entries = Object.entries(input).filter(([, value]) => value !== undefined);
  if (entries.length === 0) throw badInput(`${where} is empty. Leave it out, or give it a condition.`);
  const none = entries.find(([, value]) => value === null);
  if (none) throw badInput(`${where}.${none[0]} is null. Leave it out, or use isNull.`);
  const vague = entries.find(([key, value]) => textOperators.includes(key) && value === '');
  if (vague) throw badInput(`${where}.${vague[0]} is an empty text, which every text holds. Leave it out.`);
  return entries;
}

/** The wildcards of LIKE are ordinary characters for our callers. */
const literally = (value: unknown): string => String(value).replace(/[\\%_]/g, '\\$&');

const prismaNames: Readonly<Record<string, string>> = {
  eq: 'equals',
  ne: 'not',
  in: 'in',
  notIn: 'notIn',
  gt: 'gt',
  gte: 'gte',
  lt: 'lt',
  lte: 'lte',
  has: 'has',
  hasAny: 'hasSome',
  hasAll: 'hasEvery',
  isEmpty: 'isEmpty',
};
const textOperators = ['contains', 'startsWith', 'endsWith'];
const jsonNames: Readonly<Record<string, string>> = {
  eq: 'equals',
  ne: 'not',
  gt: 'gt',
  gte: 'gte',
  lt: 'lt',
  lte: 'lte',
  contains: 'string_contains',
  startsWith: 'string_starts_with',
  endsWith: 'string_ends_with',
  has: 'array_contains',
};

/** The values of an operator as the column stores them: ids lose their type. */
function stored(model: string, field: ModelField, kind: ColumnKind, value: unknown): unknown {
  if (kind !== 'ID') return value;
  const type = field.name === keyColumn(model) || field.name === 'id' ? model : referencedModel(model, field.name);
  const uuidOf = (id: unknown) =>
    type ? toUuid(type, String(id)) : String(id).replace(/^[a-z_]+_(?=[0-9a-f-]{36}$)/, '');
  return Array.isArray(value) ? value.map(uuidOf) : uuidOf(value);
}

function jsonCondition(field: ModelField, input: FilterInput, where: string): Where {
  const { path, ...operators } = Object.fromEntries(presentEntries(input, where));
  const at = Array.isArray(path) && path.length > 0 ? { path } : {};
  return {
    AND: presentEntries(operators, where).map(([name, value]) => {
      if (['gt', 'gte', 'lt', 'lte'].includes(name) && !['number', 'string'].includes(typeof value)) {
        throw badInput(`${where}.${name} compares numbers and texts only.`);
      }
      if (value === Infinity || value === -Infinity) throw badInput(`${where}.${name} is larger than any number here.`);
      const condition = name === 'has' ? [value] : textOperators.includes(name) ? literally(value) : value;
      return { [field.name]: { ...at, [jsonNames[name] ?? name]: condition } };
    }),
  };
}

/**
 * Turns the operators on one column into a Prisma condition.
 *
 * @throws GatewayError BAD_USER_INPUT for an empty or null operator.
 */
export function toCondition(model: string, field: ModelField, input: FilterInput, where: string): Where {
  const kind = columnKind(model, field);
  if (kind === 'JSON') return jsonCondition(field, input, where);
  const conditions = presentEntries(input, where).map(([name, value]) => {
    if (Array.isArray(value) && value.length === 0 && ['notIn', 'hasAll'].includes(name)) {
      throw badInput(`${where}.${name} is an empty list. Leave it out, or give it a value.`);
    }
    if (name === 'isNull') return nullCondition(model, field, value === true);
    if (textOperators.includes(name)) return { [field.name]: { [name]: literally(value), mode: 'insensitive' } };
    return { [field.name]: { [prismaNames[name] ?? name]: stored(model, field, kind, value) } };
  });
  return conditions.length === 1 && conditions[0] ? conditions[0] : { AND: conditions };
}

/** A required column is never null, and Prisma will not be asked. It drops an empty AND or OR, but not an empty list. */
function nullCondition(model: string, field: ModelField, wanted: boolean): Where {
  const never = { [keyColumn(model)]: { in: [] } };
  if (field.isRequired) return wanted ? never : { NOT: never };
  return { [field.name]: wanted ? null : { not: null } };
}
