/** Tickets over a year, and what was written about them. */
import type { Problem, SupportWords } from './phrases/support.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';
import type { Client } from './support.ts';
import { type Device, promised } from './support-devices.ts';

export interface Ticket {
  readonly id: string;
  readonly problem: Problem;
  readonly client: Client;
  readonly device: Device | undefined;
  readonly status: 'open' | 'pending' | 'on_hold' | 'resolved' | 'closed';
  readonly assigneeId: string | null;
  /** Days since it came in. */
  readonly age: number;
  readonly createdAt: string;
  /** Null while nobody has answered, or solved it. */
  readonly answeredAt: string | null;
  readonly solvedAt: string | null;
}

const fresh = ['open', 'pending', 'resolved', 'open', 'on_hold', 'resolved', 'open'] as const;
const recent = ['resolved', 'closed', 'closed', 'on_hold', 'resolved', 'pending', 'closed'] as const;

function statusOf(age: number, number: number): Ticket['status'] {
  if (age <= 14) return at(fresh, number);
  if (age <= 45) return at(recent, number);
  return number % 19 === 18 ? 'on_hold' : 'closed';
}

const later = (moment: string, minutes: number): number => Date.parse(moment) + minutes * 60_000;

/** When a ticket was answered and solved: one in six late, none later than last midnight. */
function timesOf(scene: Scene, random: Random, number: number, created: string, { priority }: Problem) {
  const [first, solution] = promised(priority);
  const midnight = Date.parse(scene.calendar.ago(0)) - 60_000;
  const late = number % 6 === 5 ? 1.7 : 1;
  const after = (minutes: number, from: number, to: number) =>
    Math.min(midnight, later(created, minutes * (from + random.next() * (to - from)) * late));
  const answered = after(first, 0.2, 0.8);
  const iso = (moment: number) => new Date(Math.floor(moment / 60_000) * 60_000).toISOString();
  return { answered: iso(answered), solved: iso(Math.max(after(solution, 0.3, 0.9), answered)) };
}

/** The device of a client that a problem can be about, or nothing but the client. */
function concerned(
  random: Random,
  clients: readonly Client[],
  devices: readonly Device[],
  { device: category }: Problem,
) {
  const candidates = devices.filter(({ model, status }) => model.category === category && status !== 'in_stock');
  const device = candidates.length > 0 ? random.pick(candidates) : undefined;
  return { device, client: device?.owner ?? random.pick(clients) };
}

function planTicket(
  scene: Scene,
  random: Random,
  words: SupportWords,
  clients: readonly Client[],
  devices: readonly Device[],
  index: number,
): Ticket {
  const { tickets: count } = words.volume;
  const age = 1 + Math.round(330 * ((count - 1 - index) / count) ** 1.5);
  const problem = random.pick(words.problems);
  const old = clients.filter((client) => client.age > age);
  const status = statusOf(age, index);
  const minute = random.int(0, 480);
  const createdAt =
    problem.priority === 'urgent' ? scene.calendar.ago(age, 2 * minute) : scene.calendar.workday(age, minute);
  const { answered, solved } = timesOf(scene, random, index, createdAt, problem);
  const isNew = status === 'open' && age <= 3 && index % 3 !== 0;
  const isSolved = status === 'resolved' || status === 'closed';
  return {
    id: scene.id('tickets', index),
    problem,
    ...concerned(random, old.length > 0 ? old : clients, devices, problem),
    status,
    assigneeId: isNew && random.chance(0.6) ? null : random.pick(scene.staff),
    age,
    createdAt,
    answeredAt: isNew ? null : answered,
    solvedAt: isSolved ? solved : null,
  };
}

/** The oldest first, so that they are numbered in the order in which they came in. */
export function planTickets(
  scene: Scene,
  words: SupportWords,
  clients: readonly Client[],
  devices: readonly Device[],
): Ticket[] {
  const random = scene.random('tickets');
  const tickets = Array.from({ length: words.volume.tickets }, (_, index) =>
    planTicket(scene, random, words, clients, devices, index),
  );
  return tickets.sort((a, b) => a.createdAt.localeCompare(b.createdAt));
}

const channels = ['email', 'phone', 'web', 'email', 'chat', 'phone'] as const;

/** Number, SLA and the times when it is due are left to the database. */
export const ticketRows = ({ org, calendar }: Scene, tickets: readonly Ticket[]) =>
  tickets.map((ticket, index) => ({
    org_id: org.id,
    id: ticket.id,
    subject: ticket.problem.subject,
    description: ticket.problem.description,
    status: ticket.status,
    priority: ticket.problem.priority,
    channel: at(channels, index),
    account_id: ticket.client.id,
    contact_id: ticket.client.contactId,
    property_id: ticket.device?.propertyId ?? null,
    device_id: ticket.device?.id ?? null,
    assignee_id: ticket.assigneeId,
    first_responded_at: ticket.answeredAt,
    resolved_at: ticket.solvedAt,
    tags: ticket.problem.tags,
    deleted_at: index % 61 === 60 ? calendar.ago(0) : null,
    created_at: ticket.createdAt,
  }));

interface Word {
  readonly body: string;
  readonly at: number;
  readonly by: 'staff' | 'client';
  readonly isInternal?: boolean;
}

/** Answer, note, reply of the client, solution: as far as the ticket has come. */
function wordsOn({ problem, status, answeredAt, solvedAt }: Ticket, midnight: number): Word[] {
  if (answeredAt === null) return [];
  const first = Date.parse(answeredAt);
  const last = solvedAt === null ? Math.min(first + 5_400_000, midnight) : Date.parse(solvedAt);
  const between = (share: number) => first + Math.round((last - first) * share);
  return [
    { body: problem.answer, at: first, by: 'staff' },
    { body: problem.note, at: between(0.2), by: 'staff', isInternal: true },
    ...(status === 'pending' ? [] : [{ body: problem.reply, at: between(0.6), by: 'client' as const }]),
    ...(solvedAt === null ? [] : [{ body: problem.solution, at: last, by: 'staff' as const }]),
  ];
}

export function commentRows(scene: Scene, tickets: readonly Ticket[]) {
  const midnight = Date.parse(scene.calendar.ago(0)) - 1;
  return tickets.flatMap((ticket, index) =>
    wordsOn(ticket, midnight).map(({ body, at: moment, by, isInternal = false }, number) => ({
      org_id: scene.org.id,
      id: scene.id('ticket_comments', index * 10 + number),
      ticket_id: ticket.id,
      author_id: by === 'staff' ? (ticket.assigneeId ?? at(scene.staff, index)) : null,
      body,
      is_internal: isInternal,
      created_at: new Date(moment).toISOString(),
    })),
  );
}
