/**
 * Documents made of the schema alone: what to select of a type, what to give an input, and where ids are taken. A new type
 * or mutation needs no new test.
 */
import { randomBytes } from 'node:crypto';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { hasField, keyColumn, lowerFirst, modelNames, referencedModel } from '../../src/graphql/model.ts';
import { columnName, tableName } from '../../src/graphql/sql-names.ts';
import { schema } from '../../src/schema.ts';
import type { Row } from './catalog.ts';

type Field = GraphQLField<unknown, unknown>;
export type Step = string | number;

const fieldsOf = (type: GraphQLObjectType | undefined | null): Field[] => Object.values(type?.getFields() ?? {});

export const queryFields: readonly Field[] = fieldsOf(schema.getQueryType());
export const mutationFields: readonly Field[] = fieldsOf(schema.getMutationType());

/** What to select of a type: every plain field, and so many levels of what it leads to. */
export function selectionOf(output: GraphQLOutputType, depth: number): string {
  const type = getNamedType(output);
  if (isInterfaceType(type)) return '{ __typename id }';
  if (!isObjectType(type)) return '';
  const parts = fieldsOf(type).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    if (isLeafType(getNamedType(field.type))) return [field.name];
    const through = ['nodes', 'edges', 'node', 'pageInfo'].includes(field.name);
    if (depth <= 0 && !through) return [];
    const page = field.args.some(({ name }) => name === 'first') ? '(first: 5)' : '';
    const inner = selectionOf(field.type, through ? depth : depth - 1);
    return inner === '{ __typename }' ? [] : [`${field.name}${page} ${inner}`];
  });
  return `{ ${['__typename', ...parts].join(' ')} }`;
}

/** A document that asks one root field, with all its arguments as variables. */
export function documentOf(
  kind: 'query' | 'mutation',
  field: Field,
  selection: string,
  args: readonly string[],
): string {
  const used = field.args.filter(({ name }) => args.includes(name));
  const head = used.length > 0 ? `(${used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ')})` : '';
  const tail = used.length > 0 ? `(${used.map(({ name }) => `${name}: $${name}`).join(', ')})` : '';
  return `${kind} ${head} { ${field.name}${tail} ${selection} }`;
}

/** The models that an id called so may be of. */
export function modelsOf(name: string, own: string | undefined): readonly string[] {
  if (['id', 'ids'].includes(name)) return own ? [own] : modelNames;
  const referenced = own && hasField(own, name) ? referencedModel(own, name) : undefined;
  if (referenced) return [referenced];
  if (/^(owner|assignedTo|user|member|invitedBy|createdBy)Ids?$/.test(name)) return ['Member'];
  const bare = name.replace(/Ids?$/, '').toLowerCase();
  const exact = modelNames.filter((model) => model.toLowerCase() === bare);
  return exact.length > 0 ? exact : modelNames.filter((model) => model.toLowerCase().endsWith(bare));
}

/** The key of a model's row, among rows by table. */
export function keyOf(model: string, rows: ReadonlyMap<string, Row>): string | undefined {
  const row = model === 'Organization' ? { id: rows.get('org_members')?.org_id } : rows.get(tableName(model));
  const key = row?.[columnName(keyColumn(model))];
  return key === undefined ? undefined : String(key);
}

const texts: Readonly<Record<string, string>> = {
  currency: 'EUR',
  defaultCurrency: 'EUR',
  timeZone: 'Europe/Berlin',
  unit: 'hour',
};

const scalars: Readonly<Record<string, () => unknown>> = {
  Boolean: () => true,
  Int: () => 1,
  Float: () => 1,
  BigInt: () => '1',
  Decimal: () => '1',
  Date: () => '2026-12-01',
  DateTime: () => '2026-12-01T00:00:00.000Z',
  JSON: () => ({ own: true }),
  URL: () => `https://${randomBytes(5).toString('hex')}.own.example`,
  EmailAddress: () => `${randomBytes(5).toString('hex')}@own.example`,
};

/** A value that an input takes, with the organization's own ids; objects with what they require. */
export function sampleOf(
  type: GraphQLInputType,
  name: string,
  own: string | undefined,
  rows: ReadonlyMap<string, Row>,
): unknown {
  if (isNonNullType(type)) return sampleOf(type.ofType, name, own, rows);
  if (isListType(type)) return [sampleOf(type.ofType, name, own, rows)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (isInputObjectType(type)) return sampleInput(type, own, rows);
  if (type.name === 'ID') return keyOf(modelsOf(name, own)[0] ?? 'Account', rows);
  return scalars[type.name]?.() ?? texts[name] ?? `own${randomBytes(5).toString('hex')}`;
}

/** An input with what it requires, and with a name, without which hardly anything can be made. */
export function sampleInput(
  type: GraphQLInputObjectType,
  own: string | undefined,
  rows: ReadonlyMap<string, Row>,
): Record<string, unknown> {
  const needed = /^(name|title|firstName|fullName|companyName)$/;
  const required = Object.values(type.getFields()).filter(
    (field) => isRequiredInputField(field) || needed.test(field.name),
  );
  return Object.fromEntries(required.map((field) => [field.name, sampleOf(field.type, field.name, own, rows)]));
}

/** Every way from an argument or input field to a place that takes an id. */
export function idPaths({ name, type }: GraphQLArgument | GraphQLInputField): Step[][] {
  const named = getNamedType(type);
  const list = isListType(isNonNullType(type) ? type.ofType : type);
  const here: Step[] = list ? [name, 0] : [name];
  if (named.name === 'ID') return [here];
  if (!isInputObjectType(named) || /(Filter|OrderBy)$/.test(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) => idPaths(field).map((path) => [...here, ...path]));
}

/** Puts a value at the end of a way, and samples of objects and lists on it where there is nothing yet. */
export function place(target: Record<string, unknown>, [step = '', ...rest]: readonly Step[], value: unknown): void {
  if (rest.length === 0) {
    target[step] = value;
    return;
  }
  target[step] ??= typeof rest[0] === 'number' ? [] : {};
  place(target[step] as Record<string, unknown>, rest, value);
}

/** The model that a mutation is named after. */
export const modelOfMutation = ({ name, extensions }: Field): string | undefined =>
  modelNames.filter((model) => name.startsWith(lowerFirst(model))).sort((a, b) => b.length - a.length)[0] ??
  (extensions.returns as string | undefined);
