/** What people ask each other to decide. */
import { insertRows } from './insert.ts';
import { hoursAfter, type Kind, type Subject, subjects } from './platform-subjects.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

interface Question {
  readonly kind: Kind;
  readonly count: number;
  readonly reasons: readonly string[];
  readonly payload: (random: Random) => Readonly<Record<string, number | string>>;
}

const questions: readonly Question[] = [
  {
    kind: { type: 'proposal', table: 'proposals', title: 'title', where: 'deleted_at is null' },
    count: 14,
    reasons: [
      'The client asks for a discount beyond what I may give.',
      'The scope is larger than usual: please look at the price before it goes out.',
      'They want to pay in three parts.',
      'A returning client; I would like to waive the set-up fee.',
    ],
    payload: (random) => ({ discountPercent: random.int(2, 6) * 5 }),
  },
  {
    kind: { type: 'contract', table: 'contracts', title: 'title', where: 'deleted_at is null' },
    count: 8,
    reasons: [
      'Their lawyers changed the clause on liability.',
      'They want to leave with one month of notice instead of three.',
      'The renewal is due; the rates stay as they are.',
    ],
    payload: (random) => ({ clause: random.int(3, 14), noticeMonths: random.int(1, 3) }),
  },
  {
    kind: { type: 'deal', table: 'deals', title: 'title', where: 'deleted_at is null and value_cents > 0' },
    count: 6,
    reasons: ['We need a second person on this from the first week on.', 'May I travel to them for the pitch?'],
    payload: (random) => ({ days: random.int(2, 10), budgetCents: random.int(4, 30) * 10_000 }),
  },
  {
    kind: {
      type: 'expense',
      table: 'expenses',
      title: `coalesce(vendor, category, 'Expense')`,
      where: 'deleted_at is null',
    },
    count: 5,
    reasons: ['Above the limit for a single purchase.', 'Paid privately: please reimburse.'],
    payload: () => ({ policy: 'purchases' }),
  },
];

type Status = 'pending' | 'approved' | 'rejected' | 'canceled';

const answers: Readonly<Record<Status, readonly (string | null)[]>> = {
  pending: [null],
  approved: ['Go ahead.', null, 'Fine, but only this time.', 'Agreed with the finance team.'],
  rejected: ['Not at this margin. Offer a smaller scope instead.', 'Let us talk about it first.'],
  canceled: ['No longer needed.', null],
};

/** The newest of a kind is pending; of the others most were agreed to. */
const statusOf = (index: number, random: Random): Status =>
  index === 0 ? 'pending' : index === 2 ? 'canceled' : random.chance(0.25) ? 'rejected' : 'approved';

export interface Approval {
  readonly id: string;
  readonly subject: Subject;
  readonly status: Status;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly answer: string | null;
  readonly asked: string;
  readonly decided: string | null;
}

function planApproval(
  scene: Scene,
  random: Random,
  number: number,
  { reasons }: Question,
  subject: Subject,
  index: number,
): Approval {
  const [owner = '', admin = owner, member = admin] = scene.staff;
  const status = statusOf(index, random);
  const asked = hoursAfter(scene, subject.made, random.int(5, 60));
  const from = random.chance(0.75) ? member : admin;
  return {
    id: scene.id('approvals', number),
    subject,
    status,
    from,
    to: from === admin || random.chance(0.3) ? owner : admin,
    reason: at(reasons, number),
    answer: random.pick(answers[status]),
    asked,
    decided: status === 'pending' ? null : hoursAfter(scene, asked, random.int(1, 50)),
  };
}

/** One person alone has nobody to ask. */
export async function seedApprovals(scene: Scene): Promise<readonly Approval[]> {
  if (scene.staff.length < 2) return [];
  const random = scene.random('approvals');
  const approvals: Approval[] = [];
  const rows = [];
  for (const question of questions) {
    for (const [index, subject] of (await subjects(scene, question.kind, question.count)).entries()) {
      const plan = planApproval(scene, random, approvals.length, question, subject, index);
      approvals.push(plan);
      rows.push({
        org_id: scene.org.id,
        id: plan.id,
        entity_type: subject.type,
        entity_id: subject.id,
        requested_by_id: plan.from,
        approver_id: index % 4 === 3 ? null : plan.to,
        status: plan.status,
        reason: plan.reason,
        payload: question.payload(random),
        decided_at: plan.decided,
        decided_by_id: plan.decided && (plan.status === 'canceled' ? plan.from : plan.to),
        decision_reason: plan.answer,
        created_at: plan.asked,
      });
    }
  }
  await insertRows(scene.client, 'approvals', rows);
  return approvals;
}
