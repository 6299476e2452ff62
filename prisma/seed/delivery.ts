/** The projects of one organization, in the order in which the rows refer to each other. */
import { memberRows, phaseRows, planProjects, projectRows } from './delivery-projects.ts';
import { deliverableRows, milestoneRows } from './delivery-results.ts';
import { planTasks, subtaskRows, taskActivityRows, taskRows } from './delivery-tasks.ts';
import { seedTime } from './delivery-time.ts';
import { insertRows } from './insert.ts';
import type { Scene } from './scene.ts';

async function readyFiles({ client, org }: Scene): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select id from files where org_id = $1 and status = 'ready' and deleted_at is null order by id`,
    [org.id],
  );
  return rows.map(({ id }) => id);
}

export async function seedDelivery(scene: Scene): Promise<void> {
  const { client } = scene;
  const projects = await planProjects(scene);
  const tasks = planTasks(scene, projects);
  const { subtasks, assignees } = subtaskRows(scene, tasks);
  await insertRows(client, 'projects', projectRows(scene, projects));
  await insertRows(client, 'project_phases', phaseRows(scene, projects));
  await insertRows(client, 'project_members', memberRows(scene, projects));
  await insertRows(client, 'milestones', milestoneRows(scene, projects));
  await insertRows(client, 'tasks', taskRows(scene, tasks));
  await insertRows(client, 'subtasks', subtasks);
  await insertRows(client, 'subtask_assignees', assignees);
  await insertRows(client, 'task_activities', taskActivityRows(scene, tasks));
  await insertRows(client, 'deliverables', deliverableRows(scene, projects, await readyFiles(scene)));
  await seedTime(scene, tasks);
}
