/** Interactions with clients over a year, and activities that no interaction made. */
import type { Account } from './crm-accounts.ts';
import type { Contact } from './crm-contacts.ts';
import type { Deal } from './crm-deals.ts';
import { openings } from './phrases/common.ts';
import { at, type Random } from './random.ts';
import { embedTexts, type Scene } from './scene.ts';

type InteractionType = keyof typeof openings;
type Sentiment = 'positive' | 'neutral' | 'negative';

interface Talk {
  readonly account: Account | null;
  readonly days: number;
  readonly sentiment: Sentiment | null;
}

const types: readonly InteractionType[] = [
  'email',
  'call',
  'meeting',
  'email',
  'note',
  'call',
  'message',
  'email',
  'call',
  'meeting',
];
const sentiments: readonly (Sentiment | null)[] = [
  'positive',
  'neutral',
  'positive',
  'neutral',
  'negative',
  'positive',
  'neutral',
  'positive',
  null,
  'neutral',
];
const durations = { call: [4, 45], meeting: [30, 120], email: null, message: null, note: null } as const;

/** The last word of an account decides whether it is at risk, so it is not left to chance: every eighth is a bad one. */
function lastTalks(accounts: readonly Account[]): Talk[] {
  const spoken = accounts.flatMap((account) => (account.quiet === null ? [] : [{ account, days: account.quiet }]));
  return spoken.map((talk, index) => ({
    ...talk,
    sentiment: index % 8 === 7 ? 'negative' : at(['positive', 'neutral'], index),
  }));
}

/** Four days before the last word at least, so that no weekend turns their order. */
function earlierTalk(random: Random, accounts: readonly Account[]): Talk {
  const account = random.pick(accounts);
  const first = (account.quiet ?? 0) + 4;
  return {
    account,
    days: random.int(first, Math.max(first, Math.min(365, account.age - 1))),
    sentiment: random.pick(sentiments),
  };
}

/** Oldest first, as they would have been written down. */
function planTalks(scene: Scene, random: Random, accounts: readonly Account[]): Talk[] {
  const last = lastTalks(accounts);
  const busy = accounts.filter(({ quiet, age }) => quiet !== null && age > quiet + 6);
  const count = scene.business.volume.interactions;
  const strangers = Array.from({ length: Math.floor(count / 50) }, () => ({
    account: null,
    days: random.int(2, 300),
    sentiment: null,
  }));
  const earlier = Array.from({ length: count - last.length - strangers.length }, () => earlierTalk(random, busy));
  return [...last, ...strangers, ...earlier].sort((a, b) => b.days - a.days);
}

function words(
  scene: Scene,
  random: Random,
  type: InteractionType,
  sentiment: Sentiment | null,
  contact: Contact | undefined,
) {
  const topic = random.pick(scene.business.trade.topics);
  const opening = random
    .pick(openings[type])
    .replace('{first}', contact?.firstName ?? 'Somebody')
    .replace('{about}', topic.about);
  const outcome = topic[sentiment ?? 'neutral'];
  const next = random.chance(0.7) ? ` ${random.pick(scene.business.trade.nextSteps)}` : '';
  return {
    subject: type === 'email' && random.chance(0.4) ? `Re: ${topic.subject}` : topic.subject,
    body: `${opening} ${outcome}${next}`,
  };
}

function interactionRow(
  scene: Scene,
  random: Random,
  talk: Talk,
  index: number,
  contacts: readonly Contact[],
  deals: readonly Deal[],
) {
  const running = deals.filter(
    (deal) => deal.account === talk.account && deal.age >= talk.days && (deal.closed ?? 0) <= talk.days,
  );
  const deal = running.length > 0 && random.chance(0.65) ? random.pick(running) : undefined;
  const people = contacts.filter(({ account, age }) => account === talk.account && age >= talk.days);
  const contact = deal?.contact ?? (people.length > 0 ? random.pick(people) : undefined);
  const type = random.pick(types);
  const range = durations[type];
  const minute = random.int(150, 520);
  return {
    org_id: scene.org.id,
    id: scene.id('interactions', index),
    account_id: talk.account?.id ?? null,
    contact_id: contact?.id ?? null,
    deal_id: deal?.id ?? null,
    type,
    sentiment: talk.sentiment,
    ...words(scene, random, type, talk.sentiment, contact),
    occurred_at: scene.calendar.workday(talk.days, minute),
    duration_minutes: range === null ? null : random.int(range[0], range[1]),
    user_id: talk.account && random.chance(0.7) ? talk.account.ownerId : random.pick(scene.staff),
    created_at: scene.calendar.workday(talk.days, minute + random.int(1, 60)),
  };
}

/** Rows with vectors for the newest of them. */
export async function interactionRows(
  scene: Scene,
  accounts: readonly Account[],
  contacts: readonly Contact[],
  deals: readonly Deal[],
) {
  const random = scene.random('interactions');
  const rows = planTalks(scene, random, accounts).map((talk, index) =>
    interactionRow(scene, random, talk, index, contacts, deals),
  );
  const first = rows.length - scene.business.volume.embeddedInteractions;
  const texts = rows.slice(first).map(({ subject, body }) => `${subject}\n${body}`);
  const vectors = await embedTexts(scene.embedder, texts, 1536);
  return rows.map((row, index) => {
    const vector = vectors[index - first];
    return {
      ...row,
      embedding: vector?.embedding ?? null,
      embedding_model: vector?.embedding_model ?? null,
      embedded_at: vector ? row.created_at : null,
    };
  });
}

const closingWords = { open: 'Moved to', won: 'Won:', lost: 'Lost:' } as const;

/** What people did besides talking: deals that changed their stage, and tasks. */
export function activityRows(scene: Scene, deals: readonly Deal[]) {
  const random = scene.random('activities');
  const moved = deals.map((deal) => ({
    deal,
    type: 'status_change',
    subject: `${closingWords[deal.stage.kind]} ${deal.stage.kind === 'open' ? deal.stage.name : deal.title}`,
    days: deal.closed ?? Math.max(1, deal.age - random.int(0, 20)),
  }));
  const done = deals
    .filter((_, index) => index % 2 === 0)
    .map((deal) => ({
      deal,
      type: 'task',
      subject: random.pick(scene.business.trade.tasks),
      days: Math.max(1, deal.age - random.int(1, 40)),
    }));
  return [...moved, ...done]
    .sort((a, b) => b.days - a.days)
    .map(({ deal, type, subject, days }, index) => ({
      org_id: scene.org.id,
      id: scene.id('activities', index),
      entity_type: 'deal',
      entity_id: deal.id,
      type,
      subject,
      occurred_at: scene.calendar.workday(days, random.int(0, 540)),
      user_id: deal.account.ownerId,
      created_at: scene.calendar.workday(days, 545),
    }));
}
