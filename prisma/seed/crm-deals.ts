/** Pipelines, deals and leads. */
import type pg from 'pg';
import type { Account } from './crm-accounts.ts';
import { type Contact, nameGiver } from './crm-contacts.ts';
import { at, type Random } from './random.ts';
import { type Scene, slugOf } from './scene.ts';
import type { Stage } from './trade.ts';

type PlacedStage = Stage & { readonly id: string; readonly pipelineId: string };

export interface Deal {
  readonly id: string;
  readonly title: string;
  readonly work: string;
  readonly account: Account;
  readonly contact: Contact | undefined;
  readonly stage: PlacedStage;
  readonly valueCents: number;
  readonly currency: string;
  /** Days since it was entered, and since it was won or lost. */
  readonly age: number;
  readonly closed: number | null;
}

/** The stages that came with the organization. */
export async function defaultStages(client: pg.ClientBase, orgId: string): Promise<PlacedStage[]> {
  const { rows } = await client.query<PlacedStage>(
    `select stages.id, stages.pipeline_id as "pipelineId", stages.name, stages.probability, stages.kind
       from pipeline_stages stages join pipelines on pipelines.org_id = stages.org_id and pipelines.id = stages.pipeline_id
       where stages.org_id = $1 and pipelines.is_default order by stages.position`,
    [orgId],
  );
  return rows;
}

export function secondPipeline(scene: Scene) {
  const { name, stages } = scene.business.trade.secondPipeline;
  const id = scene.id('pipelines', 1);
  const created_at = scene.calendar.workday(240, 60);
  const placed = stages.map(
    (stage, index): PlacedStage => ({ ...stage, id: scene.id('stages', index), pipelineId: id }),
  );
  return {
    pipeline: { org_id: scene.org.id, id, name, position: 1, is_default: false, created_at },
    stages: placed,
    rows: placed.map((stage, index) => ({
      org_id: scene.org.id,
      id: stage.id,
      pipeline_id: id,
      name: stage.name,
      position: index + 1,
      probability: stage.probability,
      kind: stage.kind,
      created_at,
    })),
  };
}

/** Who can have a deal in a stage: one is won by becoming a client, and a former client has nothing open. */
function candidates(accounts: readonly Account[], kind: Stage['kind']): readonly Account[] {
  const live = accounts.filter(({ isDuplicate }) => !isDuplicate);
  if (kind === 'won') return live.filter(({ lifecycle }) => lifecycle !== 'prospect');
  return kind === 'open' ? live.filter(({ lifecycle }) => lifecycle !== 'former') : live;
}

const closingDay = (random: Random, account: Account): number =>
  random.int(account.lifecycle === 'former' ? 60 : 3, Math.min(360, account.age - 15));

function planDeal(
  scene: Scene,
  random: Random,
  index: number,
  accounts: readonly Account[],
  contacts: readonly Contact[],
  stage: PlacedStage,
): Deal {
  const account = random.pick(candidates(accounts, stage.kind));
  const work = random.pick(
    scene.business.trade.work.filter(({ forCompanies }) => !forCompanies || account.kind === 'company'),
  );
  const closed = stage.kind === 'open' ? null : closingDay(random, account);
  const age =
    closed === null
      ? random.int(2, Math.min(150, account.age - 1))
      : Math.min(account.age - 1, closed + random.int(10, 80));
  const people = contacts.filter((contact) => contact.account === account && contact.age >= age);
  return {
    id: scene.id('deals', index),
    title: `${work.title}, ${account.name}`,
    work: work.title,
    account,
    contact: people.length > 0 && random.chance(0.93) ? random.pick(people) : undefined,
    stage,
    valueCents: Math.round(random.int(work.from, work.to) / 50) * 5_000,
    currency: random.chance(0.05) ? scene.business.foreignCurrency : scene.org.currency,
    age,
    closed,
  };
}

/** Every stage has its share: of four deals three are in the first pipeline, and the won stages count double. */
export function planDeals(
  scene: Scene,
  stages: { readonly first: readonly PlacedStage[]; readonly second: readonly PlacedStage[] },
  accounts: readonly Account[],
  contacts: readonly Contact[],
): Deal[] {
  const random = scene.random('deals');
  const twice = (list: readonly PlacedStage[]) => [...list, ...list.filter(({ kind }) => kind === 'won')];
  const [first, second] = [twice(stages.first), twice(stages.second)];
  return Array.from({ length: scene.business.volume.deals }, (_, index) => {
    const stage = index % 4 === 3 ? at(second, Math.floor(index / 4)) : at(first, index - Math.floor(index / 4));
    return planDeal(scene, random, index, accounts, contacts, stage);
  });
}

export function dealRows(scene: Scene, deals: readonly Deal[]) {
  const random = scene.random('deal-rows');
  const { trade } = scene.business;
  return deals.map((deal, index) => ({
    org_id: scene.org.id,
    id: deal.id,
    title: deal.title,
    account_id: deal.account.id,
    contact_id: deal.contact?.id ?? null,
    pipeline_id: deal.stage.pipelineId,
    stage_id: deal.stage.id,
    value_cents: deal.valueCents,
    currency: deal.currency,
    probability: deal.stage.kind === 'open' && random.chance(0.2) ? random.int(1, 19) * 5 : null,
    expected_close_on: scene.calendar.date(
      deal.closed === null ? random.int(-12, 90) : random.int(-14, 14) - deal.closed,
    ),
    closed_at: deal.closed === null ? null : scene.calendar.workday(deal.closed, random.int(420, 540)),
    lost_reason: deal.stage.kind === 'lost' ? random.pick(trade.lostReasons) : null,
    owner_id: deal.account.ownerId,
    metadata: { source: random.pick(trade.leadSources), isBudgetConfirmed: random.chance(0.5) },
    deleted_at: deal.stage.kind === 'open' && index % 37 === 0 ? scene.calendar.ago(1, 580) : null,
    created_at: scene.calendar.workday(deal.age, random.int(110, 140)),
  }));
}

const leadStatuses = [
  'new',
  'contacted',
  'qualified',
  'converted',
  'new',
  'contacted',
  'unqualified',
  'new',
  'qualified',
  'contacted',
  'converted',
  'unqualified',
] as const;
const scores = {
  new: [5, 60],
  contacted: [20, 70],
  qualified: [60, 95],
  unqualified: [0, 25],
  converted: [70, 100],
} as const;
const companySuffixes = ['Group', 'Partners', 'Works', '& Sons', 'Brothers', 'Company', 'Studio', 'Trading'];

function leadIdentity(scene: Scene, random: Random, nextName: () => readonly [string, string], deal: Deal | undefined) {
  const [first, last] = deal?.contact ? [deal.contact.firstName, deal.contact.lastName] : nextName();
  const company = deal?.account.name ?? `${last} ${random.pick(companySuffixes)}`;
  return {
    first_name: first,
    last_name: last,
    email: deal?.contact?.email ?? `${slugOf(first)}@${slugOf(company)}.example`,
    company_name: deal?.account.kind === 'person' ? null : company,
    converted_at: deal ? scene.calendar.workday(deal.age, 145) : null,
    converted_account_id: deal?.account.id ?? null,
    converted_contact_id: deal?.contact?.id ?? null,
    converted_deal_id: deal?.id ?? null,
  };
}

/** A converted lead is the person of one deal, a few days before that deal. */
export function leadRows(scene: Scene, deals: readonly Deal[]) {
  const random = scene.random('leads');
  const nextName = nameGiver(random);
  const { trade } = scene.business;
  const origins = deals.filter(({ contact }) => contact !== undefined);
  return Array.from({ length: scene.business.volume.leads }, (_, index) => {
    const status = at(leadStatuses, index);
    const origin = status === 'converted' ? at(origins, index) : undefined;
    const [low, high] = scores[status];
    return {
      org_id: scene.org.id,
      id: scene.id('leads', index),
      ...leadIdentity(scene, random, nextName, origin),
      phone: random.chance(0.6) ? `+1 ${random.int(201, 989)}-555-01${random.int(10, 99)}` : null,
      source: random.pick(trade.leadSources),
      status,
      score: random.int(low, high),
      assigned_to_id: status === 'new' && random.chance(0.5) ? null : random.pick(scene.staff),
      notes: random.chance(0.8)
        ? random.pick(status === 'unqualified' ? trade.unqualifiedNotes : trade.leadNotes)
        : null,
      metadata: {
        campaign: random.pick(['spring', 'always-on', 'fair', 'none']),
        landingPage: random.pick(['/contact', '/prices', '/work']),
      },
      deleted_at: status === 'unqualified' && index % 18 === 6 ? scene.calendar.ago(6, 500) : null,
      created_at: scene.calendar.workday(
        origin ? origin.age + random.int(4, 25) : random.int(1, status === 'new' ? 20 : 320),
        random.int(0, 540),
      ),
    };
  });
}
