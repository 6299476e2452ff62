import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { ModelName } from '../../graphql/model.ts';
import { type Input, rowData } from '../../graphql/rows.ts';

/**
 * New work is given to people who are still here.
 *
 * @param field the input field that names the member, if it does.
 * @param column the column that it stands for, unless they are called the same.
 * @returns the user id; null when no member is named.
 * @throws UserError NOT_FOUND, or CONFLICT for somebody who has left.
 */
export async function activeMember(
  context: Context,
  model: ModelName,
  input: Input,
  field: string,
  column = field,
): Promise<string | null> {
  const { [column]: userId = null } = rowData<Record<string, string | null>>(model, { [column]: input[field] });
  if (userId === null) return null;
  const member = await context.db.member.findFirst({ where: { userId }, select: { status: true } });
  if (!member) throw new UserError('NOT_FOUND', 'There is no such member.', [field]);
  if (member.status === 'active') return userId;
  throw new UserError('CONFLICT', 'This member has left the organization.', [field]);
}
