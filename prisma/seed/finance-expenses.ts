/** Expenses in every state: the older, the further. */
import type { Row } from './insert.ts';
import { ownerOf } from './people.ts';
import { rejections, spendings } from './phrases/finance.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

type State = 'draft' | 'submitted' | 'approved' | 'rejected' | 'reimbursed';

function stateOf(age: number, random: Random): State {
  if (age < 6) return 'draft';
  if (age < 14) return random.chance(0.3) ? 'rejected' : 'submitted';
  if (age < 40) return random.chance(0.15) ? 'rejected' : 'approved';
  return random.chance(0.05) ? 'rejected' : 'reimbursed';
}

/** How many days ago each step was taken, if it was. */
function stepsOf(age: number, state: State) {
  const isDecided = state !== 'draft' && state !== 'submitted';
  return {
    submitted: state === 'draft' ? null : age - 2,
    decided: isDecided ? age - 5 : null,
    reimbursed: state === 'reimbursed' ? Math.max(1, age - 20) : null,
  };
}

const firstIds = async ({ client, org }: Scene, from: string): Promise<string[]> =>
  (await client.query<{ id: string }>(`select id from ${from} order by id limit 40`, [org.id])).rows.map(
    ({ id }) => id,
  );

export async function expenseRows(scene: Scene): Promise<Row[]> {
  const { org, calendar, staff, business } = scene;
  const random = scene.random('expenses');
  const projects = await firstIds(scene, "projects where org_id = $1 and status <> 'planning'");
  const receipts = await firstIds(
    scene,
    "files where org_id = $1 and status = 'ready' and mime_type = 'application/pdf'",
  );
  const owner = ownerOf(org.slug).uuid;
  const count = org.plan === 'free' ? 9 : 44;
  const moment = (days: number | null) => (days === null ? null : calendar.workday(days, 300));
  return Array.from({ length: count }, (_, index) => {
    const age = Math.round(((count - index) * 330) / count / (index % 2 === 0 ? 1 : 6));
    const state = stateOf(age, random);
    const { submitted, decided, reimbursed } = stepsOf(age, state);
    const { category, vendors, from, to, isBillable } = random.pick(spendings[org.slug]);
    const project = projects.length > 0 && random.chance(0.6) ? random.pick(projects) : null;
    return {
      org_id: org.id,
      id: scene.id('expenses', index),
      project_id: project,
      user_id: at(staff, index),
      category,
      vendor: random.pick(vendors),
      amount_cents: random.int(from * 100, to * 100),
      currency: random.chance(0.08) ? business.foreignCurrency : org.currency,
      spent_on: calendar.date(-age),
      status: state,
      is_billable: isBillable === true && project !== null,
      receipt_file_id: receipts.length > 0 && random.chance(0.7) ? random.pick(receipts) : null,
      submitted_at: moment(submitted),
      decided_by_id: decided === null ? null : owner,
      decided_at: moment(decided),
      note: state === 'rejected' ? random.pick(rejections) : null,
      reimbursed_at: moment(reimbursed),
      created_at: calendar.workday(age, 420),
    };
  });
}
