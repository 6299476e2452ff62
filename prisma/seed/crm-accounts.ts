/** Accounts and their properties. */
import type { Row } from './insert.ts';
import { type City, firstNames, germanStreets, lastNames, streets } from './phrases/common.ts';
import { at, type Random } from './random.ts';
import { type Scene, slugOf } from './scene.ts';

export interface Account {
  readonly id: string;
  readonly name: string;
  readonly kind: 'company' | 'person';
  readonly industry: string;
  readonly lifecycle: 'prospect' | 'client' | 'former';
  readonly domain: string;
  readonly city: City;
  readonly ownerId: string;
  /** Days since the account was entered. */
  readonly age: number;
  /** Days since the last word; null when there never was one. */
  readonly quiet: number | null;
  /** Entered twice by mistake, and hidden since. */
  readonly isDuplicate: boolean;
}

const lifecycles = [
  'client',
  'prospect',
  'client',
  'client',
  'prospect',
  'client',
  'prospect',
  'former',
  'client',
] as const;

/** The gaps keep their distance from the 14, 45 and 60 days of the classification, so that no weekend moves an account. */
const silences: Readonly<Record<Account['lifecycle'], readonly (readonly [number, number] | null)[]>> = {
  client: [
    [2, 10],
    [2, 10],
    [17, 40],
    [2, 10],
    [64, 110],
    [2, 10],
    [17, 40],
    [2, 10],
  ],
  prospect: [[2, 10], [17, 40], [2, 10], [64, 100], [2, 10], null, [17, 40], [2, 10]],
  former: [[110, 220]],
};
const ages = { client: [290, 430], prospect: [24, 300], former: [300, 430] } as const;

/** A telephone number that belongs to nobody. */
export const phoneNumber = (random: Random, city: City): string =>
  city.country === 'DE'
    ? `+49 30 23125 ${random.int(100, 999)}`
    : `+1 ${random.int(201, 989)}-555-01${random.int(10, 99)}`;

const address = (random: Random, city: City) => ({
  line1:
    city.country === 'DE'
      ? `${random.pick(germanStreets)} ${random.int(1, 140)}`
      : `${random.int(1, 990)} ${random.pick(streets)}`,
  city: city.city,
  region: city.region,
  postalCode: city.postalCode,
  country: city.country,
});

function names({ business, random: source }: Scene) {
  const random = source('account-names');
  const companies = Object.entries(business.trade.companies).flatMap(([industry, list]) =>
    list.map((name) => ({ name, industry, kind: 'company' as const, isDuplicate: false })),
  );
  const givenNames = random.shuffled(firstNames);
  const familyNames = random.shuffled(lastNames);
  const persons = Array.from({ length: business.volume.persons }, (_, index) => ({
    name: `${at(givenNames, index)} ${at(familyNames, index)}`,
    industry: business.trade.personIndustry,
    kind: 'person' as const,
    isDuplicate: false,
  }));
  const mixed = random.shuffled([...companies, ...persons]);
  const twice = companies
    .slice(0, 2)
    .map((company) => ({ ...company, name: `${company.name} (entered twice)`, isDuplicate: true }));
  return [...mixed, ...twice];
}

export function planAccounts(scene: Scene): Account[] {
  const random = scene.random('accounts');
  const seen = { client: 0, prospect: 0, former: 0 };
  return names(scene).map((named, index) => {
    const lifecycle = named.isDuplicate ? 'prospect' : at(lifecycles, index);
    const silence = named.isDuplicate ? null : at(silences[lifecycle], seen[lifecycle]++);
    const quiet = silence === null ? null : random.int(silence[0], silence[1]);
    const [youngest, oldest] = ages[lifecycle];
    return {
      ...named,
      id: scene.id('accounts', index),
      lifecycle,
      domain: named.kind === 'company' ? `${slugOf(named.name)}.example` : 'mailbox.example',
      city: random.pick(scene.business.cities),
      ownerId: random.pick(scene.staff),
      age: Math.max(random.int(youngest, oldest), (quiet ?? 0) + 20),
      quiet,
    };
  });
}

/** The fields that the organization added itself. */
const customFields = (random: Random, kind: Account['kind']): Row =>
  kind === 'company'
    ? {
        employees: random.int(2, 60) * 5,
        tier: random.pick(['A', 'B', 'B', 'C']),
        customerNumber: random.int(10_001, 19_999),
      }
    : { preferredChannel: random.pick(['phone', 'email']) };

export function accountRows({ org, business, calendar, random: source }: Scene, accounts: readonly Account[]) {
  const random = source('account-rows');
  return accounts.map((account) => ({
    org_id: org.id,
    id: account.id,
    name: account.name,
    kind: account.kind,
    lifecycle: account.lifecycle,
    industry: account.industry,
    website: account.kind === 'company' ? `https://www.${account.domain}` : null,
    email: account.kind === 'company' ? `office@${account.domain}` : null,
    phone: random.chance(0.9) ? phoneNumber(random, account.city) : null,
    billing_address: address(random, account.city),
    owner_id: account.ownerId,
    metadata: customFields(random, account.kind),
    tags: random.some(business.trade.tags, random.int(0, 3)),
    deleted_at: account.isDuplicate ? calendar.ago(3, 610) : null,
    created_at: calendar.workday(account.age, random.int(0, 50)),
  }));
}

/** Places of live accounts; the first accounts have several. */
export function propertyRows(scene: Scene, accounts: readonly Account[]) {
  const random = scene.random('properties');
  const { trade, volume } = scene.business;
  const owners = accounts.filter(
    ({ isDuplicate, kind }) => !isDuplicate && (kind === 'company' || volume.properties > 60),
  );
  return Array.from({ length: volume.properties }, (_, index) => {
    const account = at(owners, index);
    const place = address(random, account.city);
    return {
      org_id: scene.org.id,
      id: scene.id('properties', index),
      account_id: account.id,
      name:
        account.kind === 'person'
          ? `Home, ${place.line1}`
          : `${at(trade.sites, index + Math.floor(index / owners.length))}, ${place.line1}`,
      address: place,
      latitude: Number((account.city.latitude + random.next() / 20 - 0.025).toFixed(5)),
      longitude: Number((account.city.longitude + random.next() / 20 - 0.025).toFixed(5)),
      access_notes: random.chance(0.6) ? random.pick(trade.accessNotes) : null,
      status: index % 11 === 10 ? 'inactive' : 'active',
      deleted_at: index % 29 === 28 ? scene.calendar.ago(12, 700) : null,
      created_at: scene.calendar.workday(random.int(14, account.age), random.int(60, 500)),
    };
  });
}
