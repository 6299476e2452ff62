/** Projects with their phases and people: one for each deal that was won, and some that go on without one. */
import type { Row } from './insert.ts';
import { type DeliveryPlan, deliveryPlanOf } from './phrases/delivery.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

export type ProjectStatus = 'planning' | 'active' | 'on_hold' | 'completed' | 'archived';

export interface Phase {
  readonly id: string;
  /** Counted through all projects. */
  readonly number: number;
  readonly plan: DeliveryPlan['phases'][number];
  /** Days since it began and since it ended; negative in the future. */
  readonly began: number;
  readonly ended: number;
  readonly status: 'pending' | 'active' | 'done';
}

export interface Project {
  readonly id: string;
  readonly name: string;
  readonly accountId: string;
  readonly propertyId: string | null;
  readonly dealId: string | null;
  readonly currency: string;
  readonly budgetCents: number;
  readonly status: ProjectStatus;
  /** Days since it was entered, begun and ended; negative in the future. */
  readonly age: number;
  readonly began: number;
  readonly ended: number;
  /** The people of the project, who leads it first. */
  readonly people: readonly string[];
  readonly phases: readonly Phase[];
}

/** What a project is made for: a deal that was won, or an account. */
interface Origin {
  readonly dealId: string | null;
  readonly title: string;
  readonly accountId: string;
  readonly ownerId: string;
  readonly propertyId: string | null;
  readonly valueCents: number;
  readonly currency: string;
  readonly days: number;
}

const place = `(select id from properties where org_id = account.org_id and account_id = account.id and deleted_at is null order by id limit 1)`;

const wonDeals = `select deal.id as "dealId", deal.title, account.id as "accountId", account.owner_id as "ownerId", ${place} as "propertyId",
    deal.value_cents::float8 as "valueCents", deal.currency, current_date - deal.closed_at::date as days
  from deals deal join accounts account on account.org_id = deal.org_id and account.id = deal.account_id
  where deal.org_id = $1 and deal.status = 'won' and deal.deleted_at is null order by deal.closed_at, deal.id`;

const clients = `select null as "dealId", account.name as title, account.id as "accountId", account.owner_id as "ownerId", ${place} as "propertyId",
    1200000 as "valueCents", $2 as currency, least(300, current_date - account.created_at::date) as days
  from accounts account where org_id = $1 and lifecycle = 'client' and kind = 'company' and deleted_at is null order by id`;

async function origins({ client, org }: Scene, plan: DeliveryPlan): Promise<Origin[]> {
  const deals = (await client.query<Origin>(wonDeals, [org.id])).rows;
  const wanted = org.slug === 'initech' ? 3 : 22;
  const step = Math.max(1, deals.length / wanted);
  const chosen = Array.from({ length: Math.min(wanted, deals.length) }, (_, index) =>
    at(deals, Math.floor(index * step)),
  );
  const { rows } = await client.query<Origin>(clients, [org.id, org.currency]);
  const standing = rows.slice(0, plan.standing.length).map((row, index) => ({
    ...row,
    title: `${at(plan.standing, index)}, ${row.title}`,
  }));
  return [...chosen, ...standing];
}

function statusOf(index: number, began: number, ended: number): ProjectStatus {
  if (began < 0) return 'planning';
  if (ended > 0) return ended > 150 ? 'archived' : 'completed';
  return index % 6 === 5 ? 'on_hold' : 'active';
}

const phaseStatus = (project: ProjectStatus, began: number, ended: number): Phase['status'] => {
  if (project === 'completed' || project === 'archived') return 'done';
  if (project === 'planning' || began < 0) return 'pending';
  return ended > 0 ? 'done' : 'active';
};

function planPhases(scene: Scene, index: number, status: ProjectStatus, began: number, length: number): Phase[] {
  const { phases } = deliveryPlanOf(scene.org.slug);
  return phases.map((plan, number) => {
    const start = began - Math.round((length * number) / phases.length);
    const end = began - Math.round((length * (number + 1)) / phases.length) + 1;
    const overall = index * 10 + number;
    return {
      id: scene.id('project_phases', overall),
      number: overall,
      plan,
      began: start,
      ended: end,
      status: phaseStatus(status, start, end),
    };
  });
}

/** A project begins some days after its deal is won; those of the newest deals are still to begin. */
function planProject(scene: Scene, random: Random, origin: Origin, index: number, isNew: boolean): Project {
  const length = origin.dealId === null ? random.int(300, 340) : random.int(60, origin.days < 180 ? 190 : 120);
  const began = isNew ? -random.int(3, 25) : origin.days - random.int(5, 14);
  const ended = began - length;
  const status = statusOf(index, began, ended);
  const others = random.shuffled(scene.staff.filter((id) => id !== origin.ownerId));
  return {
    ...origin,
    id: scene.id('projects', index),
    name: origin.title,
    propertyId: deliveryPlanOf(scene.org.slug).onSite ? origin.propertyId : null,
    budgetCents: Number(origin.valueCents),
    status,
    age: Math.max(origin.days - 1, 0),
    began,
    ended,
    people: [origin.ownerId, ...others.slice(0, random.int(1, 2))],
    phases: planPhases(scene, index, status, began, length),
  };
}

export async function planProjects(scene: Scene): Promise<Project[]> {
  const random = scene.random('projects');
  const list = await origins(scene, deliveryPlanOf(scene.org.slug));
  const deals = list.filter(({ dealId }) => dealId !== null).length;
  const firstNew = deals - Math.floor(deals / 7);
  return list.map((origin, index) => planProject(scene, random, origin, index, index >= firstNew && index < deals));
}

const summaries: Readonly<Record<ProjectStatus, string>> = {
  planning: 'Sold; the team is being put together and the first dates are agreed.',
  active: 'Under way. The plan is reviewed every Monday.',
  on_hold: 'Waiting for a decision of the client. Nothing is booked until then.',
  completed: 'Finished and accepted.',
  archived: 'Finished, invoiced and put away.',
};

export function projectRows(scene: Scene, projects: readonly Project[]): Row[] {
  const random = scene.random('project-rows');
  const { trade } = scene.business;
  return projects.map((project, index) => ({
    org_id: scene.org.id,
    id: project.id,
    name: project.name,
    account_id: project.accountId,
    property_id: project.propertyId,
    deal_id: project.dealId,
    manager_id: project.people[0] ?? null,
    status: project.status,
    budget_cents: project.dealId === null ? null : project.budgetCents,
    currency: project.currency,
    starts_on: scene.calendar.date(-project.began),
    ends_on: scene.calendar.date(-project.ended),
    description: summaries[project.status],
    metadata: { reference: `P-${1001 + index}`, billing: random.pick(['fixed price', 'time and material']) },
    tags: random.some(trade.tags, random.int(0, 2)),
    created_at: scene.calendar.workday(project.age, random.int(150, 240)),
  }));
}

export const phaseRows = (scene: Scene, projects: readonly Project[]): Row[] =>
  projects.flatMap((project) =>
    project.phases.map((phase, index) => ({
      org_id: scene.org.id,
      id: phase.id,
      project_id: project.id,
      name: phase.plan.name,
      position: index + 1,
      status: phase.status,
      starts_on: scene.calendar.date(-phase.began),
      ends_on: scene.calendar.date(-phase.ended),
      created_at: scene.calendar.workday(project.age, 245 + index),
    })),
  );

export function memberRows(scene: Scene, projects: readonly Project[]): Row[] {
  const { roles } = deliveryPlanOf(scene.org.slug);
  return projects.flatMap((project, index) =>
    project.people.map((person, number) => {
      const { role, bill, cost } = at(roles, number);
      return {
        org_id: scene.org.id,
        id: scene.id('project_members', index * 10 + number),
        project_id: project.id,
        user_id: person,
        role,
        bill_rate_cents: bill,
        cost_rate_cents: cost,
        created_at: scene.calendar.workday(project.age, 250 + number),
      };
    }),
  );
}
