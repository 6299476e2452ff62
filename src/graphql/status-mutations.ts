import type { Permission } from '../auth/permissions.ts';
import type { ModelName } from './model.ts';
import { mutation, TargetInput } from './mutation.ts';
import { moveStatus, type StatusMove } from './status.ts';

interface StatusMutation {
  readonly description: string;
  readonly move: StatusMove;
}

/** Adds mutations, by their names, that take a row from one of some states to another and do nothing else. */
export function statusMutations(
  model: ModelName,
  permission: Permission,
  mutations: Readonly<Record<string, StatusMutation>>,
): void {
  for (const [name, { description, move }] of Object.entries(mutations)) {
    mutation({
      name,
      description,
      permission,
      input: TargetInput,
      returns: model,
      run: (input, context) => moveStatus(context, model, input, move),
    });
  }
}
