/** What people are told. */
import { insertRows } from './insert.ts';
import { ownerOf, peopleOf } from './people.ts';
import type { Approval } from './platform-approvals.ts';
import { hoursAfter, type Kind, subjects } from './platform-subjects.ts';
import type { Scene } from './scene.ts';

interface Note {
  readonly to: string;
  readonly type: string;
  readonly title: string;
  readonly body: string | null;
  readonly about: readonly [type: string, id: string] | null;
  readonly at: string;
}

/** The database itself tells of what is pending. */
function approvalNotes(approvals: readonly Approval[]): Note[] {
  return approvals.flatMap(({ id, subject, status, from, to, reason, answer, asked, decided }) => {
    if (!decided) return [];
    const about = ['approval', id] as const;
    const requested = {
      to,
      type: 'approval.requested',
      title: `Decision asked for: ${subject.type}`,
      body: reason,
      about,
      at: asked,
    };
    const title = `Your request was ${status}: ${subject.type}`;
    const told = { to: from, type: `approval.${status}`, title, body: answer, about, at: decided };
    return status === 'canceled' ? [requested] : [requested, told];
  });
}

const news: readonly { readonly kind: Kind; readonly type: string; readonly title: (title: string) => string }[] = [
  {
    kind: {
      type: 'deal',
      table: 'deals',
      title: 'title',
      person: 'owner_id',
      where: `status = 'won' and deleted_at is null`,
    },
    type: 'deal.won',
    title: (title) => `Won: ${title}`,
  },
  {
    kind: {
      type: 'lead',
      table: 'leads',
      title: `coalesce(company_name, email, 'A lead')`,
      person: 'assigned_to_id',
      where: 'deleted_at is null',
    },
    type: 'lead.assigned',
    title: (title) => `A lead for you: ${title}`,
  },
  {
    kind: { type: 'task', table: 'tasks', title: 'title', person: 'assignee_id', where: 'deleted_at is null' },
    type: 'task.assigned',
    title: (title) => `A task for you: ${title}`,
  },
  {
    kind: { type: 'ticket', table: 'tickets', title: 'subject', person: 'assignee_id', where: 'deleted_at is null' },
    type: 'ticket.assigned',
    title: (title) => `A ticket for you: ${title}`,
  },
];

async function newsNotes(scene: Scene): Promise<Note[]> {
  const notes: Note[] = [];
  for (const { kind, type, title } of news) {
    for (const { id, person, title: name, made } of await subjects(
      scene,
      { ...kind, where: `${kind.where} and ${kind.person} is not null` },
      12,
    ))
      notes.push({
        to: person ?? '',
        type,
        title: title(name),
        body: null,
        about: [kind.type, id],
        at: hoursAfter(scene, made, 1),
      });
  }
  return notes;
}

/** What everybody in the organization was told at some time. */
function generalNotes({ org, calendar }: Scene): Note[] {
  const joined = peopleOf(org.slug).filter(({ role }) => role !== 'owner');
  const welcome = joined.map(({ name, title }, index) => ({
    to: ownerOf(org.slug).uuid,
    type: 'member.joined',
    title: `${name} has joined`,
    body: title,
    about: null,
    at: calendar.workday(330 - index * 41, 45),
  }));
  const reports = peopleOf(org.slug).map(({ uuid }, index) => ({
    to: uuid,
    type: 'report.ready',
    title: 'The numbers of last month are ready',
    body: 'Revenue, open invoices and the forecast of the pipeline.',
    about: null,
    at: calendar.workday(3, 20 + index),
  }));
  return [...welcome, ...reports];
}

/** What is older than a week was read, and of the rest about a half. */
export async function seedNotifications(scene: Scene, approvals: readonly Approval[]): Promise<void> {
  const random = scene.random('notifications');
  const notes = [...approvalNotes(approvals), ...(await newsNotes(scene)), ...generalNotes(scene)];
  const weekAgo = scene.calendar.ago(7);
  const rows = notes.map(({ to, type, title, body, about, at: told }, index) => ({
    org_id: scene.org.id,
    id: scene.id('notifications', index),
    user_id: to,
    type,
    title,
    body,
    entity_type: about?.[0] ?? null,
    entity_id: about?.[1] ?? null,
    read_at: told < weekAgo || random.chance(0.5) ? hoursAfter(scene, told, random.int(1, 30)) : null,
    created_at: told,
  }));
  await insertRows(scene.client, 'notifications', rows);
}
