/**
 * The part of the schema that everybody may read, signed in or not: the root fields that say `public`, and the types that
 * these lead to. A document that stays within it can tell nobody anything of the rest, not even by its mistakes.
 */
import {
  type DocumentNode,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  parse,
  visit,
} from 'graphql';
import { requirementOf } from '../graphql/finish.ts';

export interface PublicPart {
  /** Whether a document asks for nothing else. */
  readonly holds: (document: DocumentNode) => boolean;
  /** The same of a text; what is no document is not public. */
  readonly holdsText: (text: unknown) => boolean;
}

const publicFields = (schema: GraphQLSchema) =>
  Object.values(schema.getQueryType()?.getFields() ?? {}).filter((field) => requirementOf(field) === 'public');

/** The names of the object types that these fields lead to, however far. */
function typesBehind(fields: ReturnType<typeof publicFields>, found = new Set<string>()): ReadonlySet<string> {
  for (const { type } of fields) {
    const named = getNamedType(type);
    if (!isObjectType(named) || found.has(named.name)) continue;
    found.add(named.name);
    typesBehind(Object.values(named.getFields()), found);
  }
  return found;
}

/** Finds the public part of a schema. Texts with more tokens are not read. */
export function publicPart(schema: GraphQLSchema, maxTokens: number): PublicPart {
  const fields = publicFields(schema);
  const roots = new Set(['__typename', ...fields.map(({ name }) => name)]);
  const types = typesBehind(fields);

  const startsThere = ({ operation, selectionSet: { selections } }: OperationDefinitionNode): boolean =>
    operation === 'query' &&
    selections.every((selection) => selection.kind === Kind.FIELD && roots.has(selection.name.value));

  /** Whether it names no type of the rest: in fragments, or as the type of a variable. */
  function staysThere(document: DocumentNode): boolean {
    let stays = true;
    visit(document, {
      NamedType({ name: { value } }) {
        const type = schema.getType(value);
        stays &&= types.has(value) || (type !== undefined && isSpecifiedScalarType(type));
      },
    });
    return stays;
  }

  const holds = (document: DocumentNode): boolean =>
    document.definitions.every(
      (definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ||
        (definition.kind === Kind.OPERATION_DEFINITION && startsThere(definition)),
    ) && staysThere(document);

  function holdsText(text: unknown): boolean {
    try {
      return typeof text === 'string' && holds(parse(text, { maxTokens, noLocation: true }));
    } catch {
      return false;
    }
  }

  return { holds, holdsText };
}
