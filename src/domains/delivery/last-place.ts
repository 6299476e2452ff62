import type { Context } from '../../context.ts';

/** The place after the last phase of a project. */
export async function placeOfPhase({ db }: Context, projectId: string): Promise<number> {
  const { _max } = await db.projectPhase.aggregate({ where: { projectId }, _max: { position: true } });
  return (_max.position ?? 0) + 1;
}

/** The place after the last step of a task. */
export async function placeOfSubtask({ db }: Context, taskId: string): Promise<number> {
  const { _max } = await db.subtask.aggregate({ where: { taskId }, _max: { position: true } });
  return (_max.position ?? 0) + 1;
}
