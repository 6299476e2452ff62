/** Contacts: at least one of each account, some of none. */
import { type Account, phoneNumber } from './crm-accounts.ts';
import type { Row } from './insert.ts';
import { firstNames, lastNames } from './phrases/common.ts';
import type { Random } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

export interface Contact {
  readonly id: string;
  readonly account: Account | null;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly isPrimary: boolean;
  /** Days since the contact was entered; the first one came with the account. */
  readonly age: number;
}

/** Gives names that were not given before. */
export function nameGiver(random: Random, taken: readonly string[] = []): () => readonly [string, string] {
  const given = new Set(taken);
  return () => {
    for (;;) {
      const name = [random.pick(firstNames), random.pick(lastNames)] as const;
      const key = name.join(' ');
      if (!given.has(key)) {
        given.add(key);
        return name;
      }
    }
  };
}

const mailbox = (first: string, last: string, domain: string) => `${slugOf(first)}.${slugOf(last)}@${domain}`;

export function planContacts(scene: Scene, accounts: readonly Account[]): Contact[] {
  const random = scene.random('contacts');
  const live = accounts.filter(({ isDuplicate }) => !isDuplicate);
  const nextName = nameGiver(
    random,
    live.map(({ name }) => name),
  );
  const companies = live.filter(({ kind }) => kind === 'company');
  const loose = Math.ceil(scene.business.volume.contacts / 25);
  const others = scene.business.volume.contacts - live.length - loose;
  const places = [
    ...live,
    ...Array.from({ length: others }, () => random.pick(companies)),
    ...Array.from({ length: loose }, () => null),
  ];
  return places.map((account, index) => {
    const [first = '', last = ''] = account?.kind === 'person' ? account.name.split(' ') : nextName();
    const email = mailbox(first, last, account?.domain ?? 'mailbox.example');
    return {
      id: scene.id('contacts', index),
      account,
      firstName: first,
      lastName: last,
      email,
      isPrimary: index < live.length,
      age: index < live.length ? (account?.age ?? 0) : random.int(3, account?.age ?? 300),
    };
  });
}

const customFields = (random: Random): Row =>
  random.chance(0.3) ? { newsletter: random.chance(0.6), language: random.pick(['en', 'de', 'fr']) } : {};

/** The first two also stand there as deleted: a deleted address may be used anew. */
export function contactRows(scene: Scene, contacts: readonly Contact[]) {
  const random = scene.random('contact-rows');
  const { trade, cities } = scene.business;
  const rows = contacts.map(({ id, account, firstName, lastName, email, isPrimary, age }, index) => {
    const isDesk = index % 47 === 46;
    return {
      org_id: scene.org.id,
      id,
      account_id: account?.id ?? null,
      first_name: isDesk ? null : firstName,
      last_name: isDesk ? null : lastName,
      full_name: isDesk ? 'Reception desk' : null,
      email: index % 19 === 18 ? null : isDesk ? `reception.${index}@${account?.domain ?? 'mailbox.example'}` : email,
      phone: random.chance(0.75) ? phoneNumber(random, account?.city ?? random.pick(cities)) : null,
      title: account?.kind === 'person' || isDesk ? null : random.pick(trade.jobTitles),
      linkedin_url: random.chance(0.4) ? `https://www.linkedin.example/in/${slugOf(`${firstName} ${lastName}`)}` : null,
      is_primary: isPrimary,
      lead_source: random.pick(trade.leadSources),
      assigned_to_id: account?.ownerId ?? random.pick(scene.staff),
      metadata: customFields(random),
      tags: random.chance(0.35)
        ? [random.pick(['decision-maker', 'billing', 'technical', 'day-to-day', 'former-employee'])]
        : [],
      deleted_at: null as string | null,
      created_at: scene.calendar.workday(age, random.int(60, 100)),
    };
  });
  const again = rows.slice(0, 2).map((row, index) => ({
    ...row,
    id: scene.id('contacts', rows.length + index),
    deleted_at: scene.calendar.ago(9 + index, 655),
    is_primary: false,
  }));
  return [...rows, ...again];
}
