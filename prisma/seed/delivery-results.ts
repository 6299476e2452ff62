/** What projects lead to: milestones at the ends of their phases, and deliverables. */
import type { Phase, Project } from './delivery-projects.ts';
import type { Row } from './insert.ts';
import { deliveryPlanOf } from './phrases/delivery.ts';
import { at } from './random.ts';
import type { Scene } from './scene.ts';

export const milestoneId = (scene: Scene, phase: Phase): string => scene.id('milestones', phase.number);

/** Those of finished phases were reached, some of them late. Of the others every fourth was due before the end of its phase. */
export function milestoneRows(scene: Scene, projects: readonly Project[]): Row[] {
  const random = scene.random('milestones');
  return projects.flatMap((project) =>
    project.phases.map((phase, index) => {
      const early = phase.status === 'active' && (phase.number + index) % 2 === 0;
      const due = early ? Math.round((phase.began + phase.ended) / 2) : phase.ended;
      const reached = phase.status === 'done' ? Math.max(0, phase.ended + random.int(-3, 2)) : null;
      return {
        org_id: scene.org.id,
        id: milestoneId(scene, phase),
        project_id: project.id,
        name: phase.plan.milestone,
        due_on: scene.calendar.date(-due),
        status: reached === null ? 'pending' : 'reached',
        reached_at: reached === null ? null : scene.calendar.workday(reached, random.int(300, 500)),
        created_at: scene.calendar.workday(project.age, 255 + index),
      };
    }),
  );
}

const openStates = ['in_review', 'approved', 'rejected', 'draft'] as const;

/** Each phase has one thing that the client gets at its end. */
function statusOf(project: Project, phase: Phase, index: number) {
  if (project.status === 'archived' || project.status === 'completed') return 'delivered';
  if (phase.status === 'done') return index % 3 === 1 ? 'approved' : 'delivered';
  return phase.status === 'active' ? at(openStates, index) : 'draft';
}

export function deliverableRows(scene: Scene, projects: readonly Project[], files: readonly string[]): Row[] {
  const random = scene.random('deliverables');
  const { deliverables } = deliveryPlanOf(scene.org.slug);
  let active = 0;
  return projects.flatMap((project) =>
    deliverables.slice(0, project.phases.length).map((deliverable, index) => {
      const phase = at(project.phases, index);
      const status = statusOf(project, phase, phase.status === 'active' ? active++ : phase.number);
      const isApproved = status === 'approved' || status === 'delivered';
      const day = Math.max(0, phase.status === 'done' ? phase.ended : Math.min(1, phase.began));
      return {
        org_id: scene.org.id,
        id: scene.id('deliverables', phase.number),
        project_id: project.id,
        name: deliverable.name,
        description: deliverable.description,
        status,
        due_on: scene.calendar.date(-phase.ended),
        file_id: isApproved && files.length > 0 ? at(files, phase.number) : null,
        approved_by_id: isApproved ? (project.people[0] ?? null) : null,
        approved_at: isApproved ? scene.calendar.workday(day, random.int(240, 420)) : null,
        created_at: scene.calendar.workday(Math.max(project.age, day), 258),
      };
    }),
  );
}
