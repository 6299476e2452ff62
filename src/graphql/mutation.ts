/**
 * Mutations: one `input`, a payload with the row and `userErrors`. An expected failure is an answer, and rolls back the
 * whole document; a bug is an error. Nothing here catches what it does not know.
 */
import type { InputRef } from '@pothos/core';
import { queryFromInfo } from '@pothos/plugin-prisma';
import type { Permission, Requirement } from '../auth/permissions.ts';
import { builder, type Types } from '../builder.ts';
import type { Context, Refusal } from '../context.ts';
import { isRetryable, translateError } from '../db/postgres-errors.ts';
import { bounded, boundedPath, type ErrorCode, errorStatus, maxErrors, UserError, UserErrors } from '../errors.ts';
import { delegate } from './delegate.ts';
import { keyColumn, lowerFirst, type ModelName } from './model.ts';
import type { Input } from './rows.ts';

export type InputFields = PothosSchemaTypes.InputFieldBuilder<Types, 'InputObject'>;

const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Why something was refused. The list is closed.',
  values: Object.fromEntries(Object.keys(errorStatus).map((code) => [code, { value: code as ErrorCode }])) as Record<
    ErrorCode,
    { value: ErrorCode }
  >,
});

const UserErrorType = builder.objectRef<Refusal>('UserError').implement({
  description: 'An expected reason why a mutation was refused. Nothing of the document was saved.',
  fields: (t) => ({
    code: t.field({
      type: ErrorCodeEnum,
      description: 'The reason, for programs.',
      resolve: ({ code }) => code as ErrorCode,
    }),
    message: t.exposeString('message', { description: 'The reason, for people.' }),
    path: t.exposeStringList('path', { description: "The way from the input's root to the field at fault." }),
    currentVersion: t.exposeInt('currentVersion', {
      nullable: true,
      description: 'The version of the row now, when the expected one was stale.',
    }),
  }),
});

/** What a mutation resolves to, before its payload is read. */
export interface Payload {
  readonly id: string | null;
  readonly refusals: readonly Refusal[];
  /** Whatever else the payload shows, for example a secret that is shown once. */
  readonly extra: Input;
}

const notSaved: Refusal = {
  code: 'CONFLICT',
  message: 'Not saved: another mutation of this document was refused.',
  path: [],
  currentVersion: null,
};

const refusalOf = ({ code, message, path, currentVersion }: UserError): Refusal => ({
  code,
  message: bounded(message),
  path: boundedPath(path),
  currentVersion,
});

/** What a mutation gives back: the row's key, null when there is none to show, and whatever else the payload shows. */
export interface Outcome {
  readonly id?: string | null;
  readonly extra?: Input;
}

/** Runs a mutation, or tells why not: in a replay, after an earlier refusal, or for an expected failure. */
async function attempt(context: Context, key: string, run: () => Promise<Outcome>): Promise<Payload> {
  const refused = (refusals: readonly Refusal[]): Payload => ({ id: null, refusals, extra: {} });
  if (context.replay) return refused(context.refusals.get(key) ?? [notSaved]);
  if (context.refusals.size > 0) return refused([notSaved]);
  try {
    const { id = null, extra = {} } = await run();
    return { id, refusals: [], extra };
  } catch (error) {
    if (isRetryable(error) || isRetryable(context.failure())) throw error;
    const translated = translateError(error, context.failure());
    if (!(translated instanceof UserError)) throw translated;
    const refusals = (translated instanceof UserErrors ? translated.all : [translated])
      .slice(0, maxErrors)
      .map(refusalOf);
    context.refusals.set(key, refusals);
    return refused(refusals);
  }
}

type PayloadFields = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>) => Readonly<Record<string, unknown>>;

export interface MutationOptions<Shape extends object> {
  /** The field's name, entity first: `dealMove`. */
  readonly name: string;
  readonly description: string;
  readonly permission: Requirement;
  /** Permissions that it needs besides: what it writes in other areas. */
  readonly besides?: readonly Permission[];
  readonly input: InputRef<Shape>;
  /** The type of the row in the payload; none for what is not about one row. */
  readonly returns?: ModelName;
  /** Further fields of the payload. */
  readonly payload?: PayloadFields;
  readonly run: (input: Shape, context: Context) => Promise<Outcome>;
}

/** A row in a payload: the field that loads it, with what the document selects of it, by the id that the mutation gave. */
export function payloadRow(
  t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>,
  model: ModelName,
  description: string,
  idOf: (payload: Payload) => unknown,
  requirement: { readonly permission?: Requirement } = {},
) {
  return t.field({
    type: model as never,
    nullable: true,
    description,
    extensions: { payloadOf: model, ...requirement },
    resolve: (payload, _args, context, info) => {
      const id = idOf(payload) ?? null;
      return (
        id === null
          ? null
          : delegate(context.db, model).findFirst({
              ...queryFromInfo({ context, info }),
              where: { [keyColumn(model)]: id },
            })
      ) as never;
    },
  });
}

/** The id of another row that a mutation made, by its name in `extra`: for `payloadRow`. */
export const madeRow =
  (name: string) =>
  ({ extra }: Payload): unknown =>
    extra[name];

/** A mutation that needs only a sign-in shows its row to callers who are outside any organization, too. */
const rowRequirement = (permission: Requirement) => (permission === 'signedIn' ? { permission } : {});

function payloadOf({
  name,
  returns: model,
  permission,
  payload: more,
}: Pick<MutationOptions<object>, 'name' | 'returns' | 'permission' | 'payload'>) {
  const row = 'The row as it is now; null when the mutation was refused, or the row is gone.';
  const payload = `${name.charAt(0).toUpperCase()}${name.slice(1)}Payload`;
  return builder.objectRef<Payload>(payload).implement({
    description: `What \`${name}\` gives back.`,
    fields: (t) =>
      ({
        ...(model && { [lowerFirst(model)]: payloadRow(t, model, row, ({ id }) => id, rowRequirement(permission)) }),
        ...more?.(t),
        userErrors: t.field({
          type: [UserErrorType],
          description: 'Why it was refused; empty when it was not.',
          resolve: ({ refusals }) => refusals,
        }),
      }) as never,
  });
}

/** `Needs \`crm:write\` and \`delivery:write\`.` */
function needsOf(permission: Requirement, besides: readonly Permission[]): string {
  if (permission === 'signedIn') return 'Needs only a sign-in.';
  const names = [permission, ...besides].map((name) => `\`${name}\``);
  return `Needs ${names.join(', ').replace(/, ([^,]*)$/, ' and $1')}.`;
}

/** Adds a mutation to the schema. */
export function mutation<Shape extends object>(options: MutationOptions<Shape>): void {
  const { name, permission, besides = [], description, input, returns, run } = options;
  const type = payloadOf(options);
  builder.mutationField(name, (t) =>
    t.field({
      type,
      description: `${description} ${needsOf(permission, besides)}`,
      extensions: { permission, besides, returns },
      args: { input: t.arg({ type: input as never, required: true, description: 'What to do.' }) },
      resolve: (_root, args, context, info) =>
        attempt(context, String(info.path.key), () => run((args as unknown as { input: Shape }).input, context)),
    }),
  );
}

/** The id of a row to be made, chosen by the client: for offline work and safe repetition. */
export const clientId = (t: InputFields) =>
  t.id({ description: 'A random UUID made by the client; made by the server unless given.' });

/** The id of the row to change, and the version the client has seen. */
export const target = (t: InputFields) => ({
  id: t.id({ required: true, description: 'The row.' }),
  expectedVersion: t.int({ description: 'The version that you have seen; another one is refused as CONFLICT.' }),
});

/** The input of mutations that need nothing but a row. */
export const TargetInput = builder.inputType('TargetInput', {
  description: 'Which row, and at which version.',
  fields: target,
});
