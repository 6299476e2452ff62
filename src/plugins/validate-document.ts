/**
 * Validates a document by the rules of the specification, up to a few mistakes. What a mistake looks like must cost little
 * whatever the document, so its lines are counted before: graphql-js counts them anew for each place that it reports.
 */
import { type DocumentNode, type GraphQLError, type GraphQLSchema, type ValidationRule, validate } from 'graphql';
import { badInput, maxErrors } from '../errors.ts';

const maxLines = 20_000;

/**
 * Counts the lines of a document.
 *
 * @throws GatewayError BAD_USER_INPUT when there are too many.
 */
export function checkLines(text: string): void {
  let lines = 1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) lines++;
  }
  if (lines > maxLines)
    throw badInput(`The query has more than ${maxLines} lines. Send long texts as variables instead.`);
}

/** Makes what validates documents; in production no mistake suggests names of the schema. */
export const documentValidator =
  (production: boolean) =>
  (schema: GraphQLSchema, document: DocumentNode, rules?: readonly ValidationRule[]): readonly GraphQLError[] =>
    validate(schema, document, rules, { maxErrors, hideSuggestions: production });
