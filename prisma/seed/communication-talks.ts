/** Conversations, who takes part, and a year of messages. */
import { insertRows, type Row } from './insert.ts';
import { type Talk, talksOf } from './phrases/talks.ts';
import { at, type Random } from './random.ts';
import type { Scene } from './scene.ts';

export interface Client {
  readonly id: string;
  readonly first: string;
  readonly accountId: string;
  readonly account: string;
}

/** One exchange: so many days ago. */
interface Exchange {
  readonly talk: Talk;
  readonly days: number;
}

interface Plan {
  readonly type: 'direct' | 'group' | 'client' | 'support';
  readonly title: string | null;
  /** Who is a, b and c in its talks. */
  readonly people: readonly string[];
  readonly client: Client | undefined;
  readonly exchanges: readonly Exchange[];
}

type Message = Row & { readonly sent_at: string; readonly sender_id: string | null };

const minuteMs = 60_000;
const later = (moment: string, minutes: number): string =>
  new Date(Date.parse(moment) + minutes * minuteMs).toISOString();

/** The latest is from these days, the others from the year before it, the oldest first. */
const spread = (random: Random, talks: readonly Talk[], newest: number): Exchange[] =>
  talks
    .map((_, index) =>
      index === 0 ? newest : newest + index * 9 + random.int(1, Math.max(2, Math.floor(200 / talks.length))),
    )
    .sort((a, b) => b - a)
    .map((days, index) => ({ talk: at(talks, index), days }));

function directPlans({ staff, org }: Scene, random: Random): Plan[] {
  const pairs = staff.flatMap((a, index) => staff.slice(index + 1).map((b) => [a, b]));
  return pairs.map((people, index) => ({
    type: 'direct',
    title: null,
    people: random.shuffled(people),
    client: undefined,
    exchanges: spread(random, random.shuffled(talksOf[org.slug].direct), index + 1),
  }));
}

function groupPlans({ staff, org }: Scene, random: Random): Plan[] {
  return talksOf[org.slug].groups.map(({ title, talks }, index) => ({
    type: 'group',
    title,
    people: staff,
    client: undefined,
    exchanges: spread(random, talks, 1 + index * 4),
  }));
}

function outsidePlans({ staff, org }: Scene, random: Random, clients: readonly Client[]): Plan[] {
  const { client, support } = talksOf[org.slug];
  const people = () => random.shuffled(staff).slice(0, 2);
  const withClients = clients.slice(0, client.length * 2).map(
    (somebody, index): Plan => ({
      type: 'client',
      title: `${somebody.account}: ${at(['week by week', 'open questions', 'the new year'], index)}`,
      people: people(),
      client: somebody,
      exchanges: spread(random, random.some(client, Math.min(client.length, 2 + (index % 3))), 1 + index * 5),
    }),
  );
  const requests = support.map(({ title, talk }, index): Plan => {
    const somebody = at(clients, index * 2 + 1);
    return { type: 'support', title, people: people(), client: somebody, exchanges: [{ talk, days: 70 - index * 23 }] };
  });
  return [...withClients, ...requests];
}

function messagesOf(
  scene: Scene,
  random: Random,
  conversation: string,
  plan: Plan,
  clients: readonly Client[],
): Message[] {
  const names = {
    account: plan.client?.account ?? at(clients, plan.exchanges.length).account,
    first: plan.client?.first ?? '',
  };
  return plan.exchanges.flatMap(({ talk, days }) => {
    let moment = scene.calendar.workday(Math.max(1, days), random.int(60, 420));
    return talk.map((line) => {
      moment = later(moment, random.int(1, 12));
      const who = 'abc'.indexOf(line.charAt(0));
      return {
        org_id: scene.org.id,
        conversation_id: conversation,
        sender_id: who < 0 ? null : at(plan.people, who),
        body: line.slice(2).replaceAll('{account}', names.account).replaceAll('{first}', names.first),
        sent_at: moment,
        created_at: moment,
      };
    });
  });
}

/** Some have read everything, some all but the last few messages, and one in five nothing for weeks. */
function readUntil(random: Random, messages: readonly Message[]): string | null {
  const behind = random.chance(0.45) ? 0 : random.chance(0.7) ? random.int(1, 3) : random.int(4, 9);
  return messages.at(-1 - behind)?.sent_at ?? null;
}

function participantsOf(
  scene: Scene,
  random: Random,
  conversation: string,
  plan: Plan,
  messages: readonly Message[],
): Row[] {
  const created_at = later(messages[0]?.sent_at ?? scene.calendar.ago(1), -5);
  const row = { org_id: scene.org.id, conversation_id: conversation, created_at };
  const members = plan.people.map((user_id, index) => ({
    ...row,
    user_id,
    contact_id: null,
    role: plan.client ? at(['lead', 'backup'], index) : null,
    last_read_at: readUntil(random, messages),
  }));
  const outside = { ...row, user_id: null, contact_id: plan.client?.id ?? null, role: 'client', last_read_at: null };
  return plan.client ? [...members, outside] : members;
}

/** The two of a direct conversation are in it already: only what they have read is to be noted. */
async function noteReading({ client }: Scene, rows: readonly Row[]): Promise<void> {
  await client.query(
    `update conversation_participants p set last_read_at = r.last_read_at
       from jsonb_populate_recordset(null::conversation_participants, $1::jsonb) r
       where p.org_id = r.org_id and p.conversation_id = r.conversation_id and p.user_id = r.user_id`,
    [JSON.stringify(rows)],
  );
}

export async function seedTalks(scene: Scene, clients: readonly Client[]): Promise<void> {
  const random = scene.random('talks');
  const plans = [...directPlans(scene, random), ...groupPlans(scene, random), ...outsidePlans(scene, random, clients)];
  const talks = plans.map((plan, index) => {
    const id = scene.id('conversations', index);
    const messages = messagesOf(scene, random, id, plan, clients);
    return { id, plan, messages, participants: participantsOf(scene, random, id, plan, messages) };
  });
  const conversations = talks.map(({ id, plan, messages }) => ({
    org_id: scene.org.id,
    id,
    title: plan.title,
    type: plan.type,
    direct_key: plan.type === 'direct' ? [...plan.people].sort().join(':') : null,
    account_id: plan.client?.accountId ?? null,
    created_at: later(messages[0]?.sent_at ?? scene.calendar.ago(1), -5),
  }));
  const isDirect = ({ plan }: (typeof talks)[number]) => plan.type === 'direct';
  await insertRows(scene.client, 'conversations', conversations);
  await insertRows(
    scene.client,
    'conversation_participants',
    talks.filter((talk) => !isDirect(talk)).flatMap(({ participants }) => participants),
  );
  await noteReading(
    scene,
    talks.filter(isDirect).flatMap(({ participants }) => participants),
  );
  await insertRows(
    scene.client,
    'messages',
    messageRows(
      scene,
      talks.flatMap(({ messages }) => messages),
    ),
  );
}

/** A few were put better afterwards, and a few thought better of. */
const messageRows = (scene: Scene, messages: readonly Message[]): Row[] =>
  messages.map((message, index) => ({
    ...message,
    id: scene.id('messages', index),
    edited_at: index % 29 === 7 && message.sender_id ? later(message.sent_at, 2) : null,
    deleted_at: index % 61 === 40 && message.sender_id ? later(message.sent_at, 3) : null,
  }));
