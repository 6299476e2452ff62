/**
 * Global ids: `contact_<uuid>`, the type's name in snake case and the row's UUID. Where the type is known, the bare UUID
 * is taken too.
 */
import { badInput } from '../errors.ts';
import { modelNames, snakeCase } from './model.ts';

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const barePattern = new RegExp(`^${uuid}$`, 'i');
const globalPattern = new RegExp(`^([a-z_]+)_(${uuid})$`, 'i');

/** Longer than any id; a longer text is not looked at. */
const longestId = 100;

const types = new Map(modelNames.map((name) => [snakeCase(name), name]));

/** Whether a text is a UUID. */
export const isUuid = (text: string): boolean => text.length === 36 && barePattern.test(text);

/** The global id of a row. */
export const toGlobalId = (type: string, id: string): string => `${snakeCase(type)}_${id}`;

/** The type and UUID of a global id, or null when it is none. */
export function parseGlobalId(text: string): { readonly type: string; readonly id: string } | null {
  const match = text.length <= longestId ? globalPattern.exec(text) : null;
  const type = match?.[1] && types.get(match[1].toLowerCase());
  return match?.[2] && type ? { type, id: match[2].toLowerCase() } : null;
}

/**
 * The UUID of an id whose type is known: a global id of that type, or the bare UUID.
 *
 * @throws GatewayError BAD_USER_INPUT for anything else.
 */
export function toUuid(type: string, text: string): string {
  if (isUuid(text)) return text.toLowerCase();
  const parsed = parseGlobalId(text);
  if (parsed?.type === type) return parsed.id;
  throw badInput(`Expected an id of ${type}: ${snakeCase(type)}_<uuid> or a UUID.`);
}
