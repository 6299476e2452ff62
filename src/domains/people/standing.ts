/** What the rules about people's rows have in common: who asks, and about whom. */
import { can, isCaller } from '../../auth/scope.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { type Input, rowData } from '../../graphql/rows.ts';

/** Whether the caller may do with everybody what managers do with those below them. */
export const isAdmin = ({ scope }: Context): boolean => can(scope, 'people:destroy');

interface Employee {
  readonly id: string;
  readonly userId: string | null;
  readonly status: string;
}

/** The employee whom a new row is about. One whom the caller may not see is not there. */
export async function employeeOf(context: Context, input: Input): Promise<Employee> {
  const { employeeId } = rowData<{ employeeId: string }>('LeaveRequest', { employeeId: input.employeeId });
  const employee = await context.db.employee.findFirst({
    where: { id: employeeId, deletedAt: null },
    select: { id: true, userId: true, status: true },
  });
  if (!employee) throw new UserError('NOT_FOUND', 'There is no such employee.', ['employeeId']);
  if (employee.status === 'terminated') throw new UserError('CONFLICT', 'This employee has left.', ['employeeId']);
  return employee;
}

/** What the rules ask of a row about an employee, beside its state. */
export interface Concern {
  readonly employeeId: string;
  readonly employee: { readonly userId: string | null };
  readonly version: number;
}

/** The columns of it. */
export const concern = { employeeId: true, employee: { select: { userId: true } } };

/** What the people do themselves: refuses everybody but the person and admins. */
export function requirePerson(context: Context, row: Concern): void {
  if (isCaller(context.scope, row.employee.userId) || isAdmin(context)) return;
  throw new UserError('FORBIDDEN', 'Only the employee and admins do this.', ['id'], row.version);
}

/** What managers do: whoever sees the row and is not the person leads the person. */
export function requireManager(context: Context, row: Concern): void {
  if (!isCaller(context.scope, row.employee.userId) || isAdmin(context)) return;
  throw new UserError('FORBIDDEN', 'Only managers and admins do this.', ['id'], row.version);
}
