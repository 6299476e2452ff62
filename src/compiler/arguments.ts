/**
 * The arguments of a field: evaluated once when the document alone says them, and with each request when a variable does.
 * A duration ("two weeks ago") is counted from the moment it is read, and a derived filter ("overdue") asks for the day, so
 * they belong to the request too; and so does a cursor, which is of one organization.
 */
import { type ASTNode, BREAK, type FieldNode, getArgumentValues, Kind, visit } from 'graphql';
import { isDerived } from '../graphql/filter.ts';
import type { Given, Variables } from './parts.ts';
import type { FieldOf } from './planning.ts';

function isOfRequest(node: ASTNode): boolean {
  if (node.kind === Kind.STRING) return /^[-+]?P/.test(node.value);
  if (node.kind === Kind.ARGUMENT) return ['after', 'before'].includes(node.name.value);
  return node.kind === Kind.VARIABLE || (node.kind === Kind.OBJECT_FIELD && isDerived(node.name.value));
}

function hangsOnRequest(node: FieldNode): boolean {
  let found = false;
  const note = (inner: ASTNode) => {
    if (!isOfRequest(inner)) return undefined;
    found = true;
    return BREAK;
  };
  for (const argument of node.arguments ?? []) visit(argument, { enter: note });
  return found;
}

/** All arguments of a field, as its resolver gets them. */
export function argumentsOf<T>({ definition, nodes }: FieldOf): Given<T> {
  const [node] = nodes;
  if (!node) throw new Error('A field without a node.');
  const read = (variables?: Variables) => getArgumentValues(definition, node, variables) as T;
  return hangsOnRequest(node) ? { late: read } : { now: read() };
}

/** One argument of a field. */
export function argument<T>(field: FieldOf, name: string): Given<T> {
  const all = argumentsOf<Record<string, T>>(field);
  const one = (values: Record<string, T>) => values[name] as T;
  return 'now' in all ? { now: one(all.now) } : { late: (variables) => one(all.late(variables)) };
}
