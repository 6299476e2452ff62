/** Who the demo is about: its organizations and people, with the same ids in every installation. */
import { v5 } from 'uuid';
import type { Role } from '../../src/auth/permissions.ts';

const namespace = v5('demo.tenant-gateway.example', v5.DNS);

/** The fixed id (UUID version 5) of anything in the demo, made from its name. */
export const demoId = (name: string): string => v5(name, namespace);

export type OrgSlug = 'acme' | 'globex' | 'initech';

export interface DemoPerson {
  /** The subject of the person's tokens. */
  readonly uuid: string;
  readonly email: string;
  readonly name: string;
  /** The slug of the organization the person works for. */
  readonly org: OrgSlug;
  readonly role: Role;
  readonly title: string;
}

const person = (org: OrgSlug, role: Role, name: string, title: string, mailbox: string = role): DemoPerson => {
  const email = `${mailbox}@${org}.example`;
  return { uuid: demoId(`person:${email}`), email, name, org, role, title };
};

/** Everybody who can sign in, one for each role of an organization. */
export const demoPeople: readonly DemoPerson[] = [
  person('acme', 'owner', 'Ada Okafor', 'Managing director'),
  person('acme', 'admin', 'Bruno Keller', 'Head of operations'),
  person('acme', 'member', 'Chloe Tanaka', 'Account manager'),
  person('acme', 'viewer', 'Dario Mendes', 'Bookkeeper'),
  person('globex', 'owner', 'Grace Lindqvist', 'Managing director'),
  person('globex', 'admin', 'Hamid Rahimi', 'Dispatch lead'),
  person('globex', 'member', 'Ines Duarte', 'Field sales'),
  person('globex', 'viewer', 'Jonas Weber', 'Controller'),
  person('initech', 'owner', 'Priya Raman', 'Founder'),
];

/** People who left: their membership is kept as `removed`, so that history keeps their names. */
export const formerPeople: readonly DemoPerson[] = [
  person('acme', 'member', 'Elif Arslan', 'Designer', 'former'),
  person('globex', 'admin', 'Katrin Vogel', 'Dispatcher', 'former'),
];

/** People who also look into another organization. */
export const guestMemberships: readonly { readonly email: string; readonly org: OrgSlug; readonly role: Role }[] = [
  { email: 'owner@acme.example', org: 'globex', role: 'viewer' },
];

export interface DemoOrganization {
  readonly id: string;
  readonly slug: OrgSlug;
  readonly name: string;
  readonly plan: 'free' | 'pro' | 'enterprise';
  readonly seats: number;
  readonly currency: string;
  readonly timeZone: string;
  readonly color: string;
}

export const demoOrganizations: readonly DemoOrganization[] = [
  {
    id: demoId('organization:acme'),
    slug: 'acme',
    name: 'Acme Studio',
    plan: 'pro',
    seats: 10,
    currency: 'USD',
    timeZone: 'America/New_York',
    color: '#5b3df5',
  },
  {
    id: demoId('organization:globex'),
    slug: 'globex',
    name: 'Globex Field Services',
    plan: 'enterprise',
    seats: 40,
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    color: '#0b7a4b',
  },
  {
    id: demoId('organization:initech'),
    slug: 'initech',
    name: 'Initech',
    plan: 'free',
    seats: 1,
    currency: 'USD',
    timeZone: 'America/Chicago',
    color: '#1f6feb',
  },
];

/** The people of an organization, in the order of {@link demoPeople}. */
export const peopleOf = (slug: OrgSlug): readonly DemoPerson[] => demoPeople.filter(({ org }) => org === slug);

/** The owner of an organization. */
export function ownerOf(slug: OrgSlug): DemoPerson {
  const owner = peopleOf(slug).find(({ role }) => role === 'owner');
  if (owner === undefined) throw new Error(`Organization ${slug} has no owner.`);
  return owner;
}
