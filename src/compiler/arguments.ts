/**
 * The arguments of a field: evaluated once when the document alone says them, and with each request when a variable does.
 * A duration ("two weeks ago") is counted from the moment it is read, so it belongs to the request too.
 */
import { type ASTNode, BREAK, type FieldNode, getArgumentValues, Kind, visit } from 'graphql';
import type { Given, Variables } from './parts.ts';
import type { FieldOf } from './planning.ts';

function hangsOnRequest(node: FieldNode): boolean {
  let found = false;
  const note = (inner: ASTNode) => {
    if (inner.kind === Kind.STRING && !/^[-+]?P/.test(inner.value)) return undefined;
    found = true;
    return BREAK;
  };
  for (const argument of node.arguments ?? []) visit(argument, { Variable: note, StringValue: note });
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
