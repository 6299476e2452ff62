import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { type Input, rowData } from '../../graphql/rows.ts';

/**
 * Lets new work into a project that is live and not put away.
 *
 * @throws UserError NOT_FOUND, or CONFLICT for an archived project.
 */
export async function demandOpenProject(context: Context, model: 'Task' | 'TimeEntry', input: Input): Promise<void> {
  const { projectId } = rowData<{ projectId?: string }>(model, { projectId: input.projectId });
  if (!projectId) return;
  const project = await context.db.project.findFirst({
    where: { id: projectId, deletedAt: null },
    select: { status: true },
  });
  if (!project) throw new UserError('NOT_FOUND', 'There is no such project.', ['projectId']);
  if (project.status === 'archived')
    throw new UserError('CONFLICT', 'This project is archived. Activate it first.', ['projectId']);
}
