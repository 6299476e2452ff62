/**
 * The mutations that most types have: `xCreate` and `xUpdate` where no rule of their own stands in between, `xDelete`, and
 * where rows are hidden before they are destroyed, `xRestore` and `xDestroy` too.
 */
import type { InputRef } from '@pothos/core';
import type { Permission } from '../auth/permissions.ts';
import type { Types } from '../builder.ts';
import type { Context } from '../context.ts';
import { toGlobalId } from './ids.ts';
import { inWords, isSoft, lowerFirst, type ModelName } from './model.ts';
import { mutation, type Payload, TargetInput } from './mutation.ts';
import { changeRow, createRow, type Input, removeRow, rowId, updateRow } from './rows.ts';

export interface LifecycleOptions {
  readonly write: Permission;
  readonly destroy: Permission;
  /** What a new row is made of, when it is made as it is given. A row with rules has a mutation of its own instead. */
  readonly create?: InputRef<object>;
  /** What changes in a row, when it changes as it is given. */
  readonly update?: InputRef<object>;
  /** A rule that a row must pass before it is removed for good; throws a UserError. */
  readonly before?: (input: Input, context: Context) => Promise<void>;
}

/** `ServiceAgreement` -> `a service agreement`. */
export const aRow = (model: string): string => {
  const words = inWords(model);
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;
};

const goneId = (t: PothosSchemaTypes.ObjectFieldBuilder<Types, Payload>, model: string) =>
  t.id({
    nullable: true,
    description: 'The id of the row that is gone.',
    resolve: ({ id }) => (id === null ? null : toGlobalId(model, id)),
  });

function removal(model: ModelName, verb: 'Delete' | 'Destroy', permission: Permission, { before }: LifecycleOptions) {
  const name = lowerFirst(model);
  mutation({
    name: `${name}${verb}`,
    description: `Removes ${aRow(model)} for good.`,
    permission,
    input: TargetInput,
    returns: model,
    payload: (t) => ({ [`${name}Id`]: goneId(t, model) }),
    run: async (input, context) => {
      await before?.(input, context);
      return removeRow(context, model, input);
    },
  });
}

/** Hides a row, or brings it back. */
function setDeleted(model: ModelName, verb: 'Delete' | 'Restore', permission: Permission, description: string) {
  mutation({
    name: `${lowerFirst(model)}${verb}`,
    description,
    permission,
    input: TargetInput,
    returns: model,
    run: (input, context) =>
      changeRow(context, model, {
        id: rowId(model, input),
        expectedVersion: input.expectedVersion,
        data: { deletedAt: verb === 'Delete' ? new Date() : null },
        where: { deletedAt: verb === 'Delete' ? null : { not: null } },
      }),
  });
}

/** Adds the usual mutations of a type to the schema. */
export function lifecycle(model: ModelName, options: LifecycleOptions): void {
  const name = lowerFirst(model);
  const { write, destroy, create, update } = options;
  const common = { permission: write, returns: model };
  if (create) {
    const run = (input: object, context: Context) => createRow(context, model, input as Input);
    mutation({ ...common, name: `${name}Create`, description: `Makes ${aRow(model)}.`, input: create, run });
  }
  if (update) {
    const run = (input: object, context: Context) => updateRow(context, model, input as Input);
    mutation({ ...common, name: `${name}Update`, description: `Changes ${aRow(model)}.`, input: update, run });
  }
  if (!isSoft(model)) {
    removal(model, 'Delete', write, options);
    return;
  }
  setDeleted(model, 'Delete', write, `Hides ${aRow(model)}; \`${name}Restore\` brings it back.`);
  setDeleted(model, 'Restore', write, `Brings a deleted ${inWords(model)} back.`);
  removal(model, 'Destroy', destroy, options);
}
