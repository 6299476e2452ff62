/** From briefs and the strategy wizard to snapshots and roadmaps, which triggers make, and what is set up for whom. */
import { insertRows, type Row } from './insert.ts';
import { type StrategyPlan, strategyPlanOf } from './phrases/strategy.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

interface Project {
  readonly id: string;
  readonly name: string;
  readonly accountId: string | null;
  readonly managerId: string | null;
  readonly status: 'planning' | 'active' | 'on_hold' | 'completed' | 'archived';
  /** Days since it was entered. */
  readonly age: number;
}

const projectsOf = `select id, name, account_id as "accountId", manager_id as "managerId", status,
    greatest(4, ((now() at time zone 'UTC')::date - (created_at at time zone 'UTC')::date)) as age
  from projects where org_id = $1 and deleted_at is null order by id`;

function systemRows({ org, id, calendar }: Scene, { systems }: StrategyPlan): Row[] {
  return systems.map(({ services: _, ...system }, index) => ({
    org_id: org.id,
    id: id('systems', index),
    ...system,
    created_at: calendar.workday(370 - index * 21, 100),
  }));
}

const systemServiceRows = ({ org, id, calendar, business }: Scene, { systems }: StrategyPlan): Row[] =>
  systems.flatMap(({ services }, system) =>
    services
      .filter((service) => service < business.trade.services.length)
      .map((service) => ({
        org_id: org.id,
        id: id('system_services', system * 100 + service),
        system_id: id('systems', system),
        service_id: id('services', service),
        created_at: calendar.workday(365 - system * 21, 130),
      })),
  );

/** What each project sets up and delivers. */
function linkRows(scene: Scene, plan: StrategyPlan, projects: readonly Project[], kind: 'system' | 'service'): Row[] {
  const { org, id, calendar, business } = scene;
  const random = scene.random(`project_${kind}s`);
  const all = [...(kind === 'system' ? plan.systems : business.trade.services).keys()];
  return projects.flatMap((project, index) =>
    random.some(all, random.int(1, Math.min(kind === 'system' ? 2 : 3, all.length))).map((number) => ({
      org_id: org.id,
      id: id(`project_${kind}s`, index * 100 + number),
      project_id: project.id,
      [`${kind}_id`]: id(`${kind}s`, number),
      notes: random.chance(0.4) ? random.pick(plan.notes) : null,
      created_at: calendar.workday(project.age - 2, 90 + number),
    })),
  );
}

/** Two of three projects began with a brief; a few more are for accounts without a project. */
async function seedBriefs(scene: Scene, plan: StrategyPlan, projects: readonly Project[]): Promise<void> {
  const { client, org, id, calendar } = scene;
  const briefed = projects.filter((_, index) => index % 3 < 2);
  const briefs = briefed.map((project, index) => ({
    project,
    index,
    brief: at(plan.briefs, index),
    age: project.age + 6,
  }));
  const rows = briefs.map(({ project, index, brief, age }) => ({
    org_id: org.id,
    id: id('briefs', index),
    account_id: project.accountId,
    project_id: index % 7 === 6 ? null : project.id,
    title: `${brief.title}, ${project.name}`,
    deleted_at: index % 11 === 10 ? calendar.ago(2, 640) : null,
    created_at: calendar.workday(age, 60),
  }));
  const versions = briefs.flatMap(({ project, index, brief, age }) =>
    (index % 7 === 6 ? [] : brief.versions).map((_, number) => ({
      org_id: org.id,
      id: id('brief_versions', index * 10 + number),
      brief_id: id('briefs', index),
      content: Object.assign({}, ...brief.versions.slice(0, number + 1)),
      author_id: number % 2 ? at(scene.staff, index) : (project.managerId ?? at(scene.staff, index)),
      created_at: calendar.workday(Math.max(1, age - number * 3), 90 + number * 40),
    })),
  );
  await insertRows(client, 'briefs', rows);
  await insertRows(client, 'brief_versions', versions);
  await client.query(
    `update briefs set status = 'archived' where org_id = $1 and project_id in (select id from projects where org_id = $1 and status = 'archived')`,
    [org.id],
  );
}

interface Session {
  readonly id: string;
  readonly number: number;
  readonly project: Project;
  /** Without a project it is somebody who has not decided yet. */
  readonly isOpen: boolean;
  readonly state: 'in_progress' | 'completed' | 'abandoned';
  /** How many steps were answered. */
  readonly steps: number;
  /** Days since it was begun. */
  readonly began: number;
}

/** Every other planned project is still being asked; all later ones have been. Some were asked twice, and some gave up. */
function planSessions({ id }: Scene, projects: readonly Project[]): Session[] {
  const sessions = projects.flatMap((project, index): Omit<Session, 'id' | 'number'>[] => {
    const asked = {
      project,
      isOpen: false,
      state: 'completed' as const,
      steps: 4,
      began: Math.max(2, project.age - 3),
    };
    if (project.status === 'planning' && index % 2 === 0)
      return [{ ...asked, state: 'in_progress' as const, steps: 2 }];
    const again = { ...asked, began: Math.max(1, Math.round(project.age / 2)) };
    const gaveUp = { ...asked, isOpen: true, state: 'abandoned' as const, steps: 1, began: project.age + 20 };
    const other = index % 5 === 1 ? [again] : index % 5 === 3 ? [gaveUp] : [];
    return index % 9 === 8 ? [asked, { ...gaveUp, state: 'in_progress' as const, began: 1 }] : [asked, ...other];
  });
  return sessions
    .sort((a, b) => b.began - a.began)
    .map((session, number) => ({ ...session, number, id: id('wizard_sessions', number) }));
}

const sessionRows = ({ org, staff, calendar }: Scene, sessions: readonly Session[]): Row[] =>
  sessions.map(({ id, number, project, isOpen, began }) => ({
    org_id: org.id,
    id,
    account_id: project.accountId,
    project_id: isOpen ? null : project.id,
    user_id: project.managerId ?? at(staff, number),
    created_at: calendar.workday(began, 30 + number),
  }));

function answerRows(
  { org, id, calendar }: Scene,
  { questions }: StrategyPlan,
  sessions: readonly Session[],
  random: Random,
): Row[] {
  return sessions.flatMap((session) =>
    questions
      .filter(({ step }) => step <= session.steps)
      .map(({ step, key, answers }, index) => ({
        org_id: org.id,
        id: id('wizard_answers', session.number * 100 + index),
        session_id: session.id,
        step,
        question_key: key,
        answer: { value: random.pick(answers) },
        created_at: calendar.workday(session.began, 40 + session.number + index * 4),
      })),
  );
}

/** The triggers make a snapshot and the draft of a roadmap of each completed session, so they are completed as they were. */
async function endSessions({ client, org, calendar }: Scene, sessions: readonly Session[]): Promise<void> {
  for (const { id, number, state, began } of sessions.filter(({ state }) => state !== 'in_progress')) {
    await client.query(
      `update wizard_sessions set status = $3, completed_at = case $3 when 'completed' then $4::timestamptz end where org_id = $1 and id = $2`,
      [org.id, id, state, calendar.workday(began, 90 + number)],
    );
  }
}

/** Projects under way follow a roadmap, some their second; other seconds are still drafts. What is over is archived. */
async function endRoadmaps({ client, org }: Scene): Promise<void> {
  const { rows } = await client.query<{ id: string; version: number; over: boolean }>(
    `select roadmaps.id, version_number as version, projects.status in ('completed', 'archived') as over from roadmaps
       join projects on projects.org_id = roadmaps.org_id and projects.id = roadmaps.project_id
       where roadmaps.org_id = $1 and projects.status <> 'planning' order by roadmaps.project_id, version_number`,
    [org.id],
  );
  const seconds = rows.filter(({ over, version }) => !over && version > 1);
  const drafts = seconds.filter((_, index) => index % 2 === 0);
  for (const { id, over } of rows.filter((row) => !drafts.includes(row)))
    await client.query('update roadmaps set status = $3 where org_id = $1 and id = $2', [
      org.id,
      id,
      over ? 'archived' : 'active',
    ]);
}

/** What is to be reached and delivered stands in the phases of the active roadmap, one after another. */
async function fillPhases({ client, org }: Scene): Promise<void> {
  for (const table of ['milestones', 'deliverables']) {
    await client.query(
      `update ${table} target set roadmap_phase_id = phase.id
         from (select id, project_id, row_number() over (partition by project_id order by due_on, id) as place from ${table} where org_id = $1) mine
         join roadmaps on roadmaps.org_id = $1 and roadmaps.project_id = mine.project_id and roadmaps.status = 'active'
         join roadmap_phases phase on phase.org_id = $1 and phase.roadmap_id = roadmaps.id and phase.position = least(mine.place, 3)
         where target.org_id = $1 and target.id = mine.id`,
      [org.id],
    );
  }
}

export async function seedStrategy(scene: Scene): Promise<void> {
  const { client, org } = scene;
  const plan = strategyPlanOf(org.slug);
  const { rows: projects } = await client.query<Project>(projectsOf, [org.id]);
  const sessions = planSessions(scene, projects);
  await insertRows(client, 'systems', systemRows(scene, plan));
  await insertRows(client, 'system_services', systemServiceRows(scene, plan));
  await insertRows(client, 'project_systems', linkRows(scene, plan, projects, 'system'));
  await insertRows(client, 'project_services', linkRows(scene, plan, projects, 'service'));
  await seedBriefs(scene, plan, projects);
  await insertRows(client, 'wizard_sessions', sessionRows(scene, sessions));
  await insertRows(client, 'wizard_answers', answerRows(scene, plan, sessions, scene.random('wizard_answers')));
  await endSessions(scene, sessions);
  await endRoadmaps(scene);
  await fillPhases(scene);
}
