/** Which organization has which trade, where it works and how much of everything it has. */
import type { DemoOrganization, OrgSlug } from './people.ts';
import { agencyBasics } from './phrases/agency.ts';
import { agencyClientDocuments, agencyKnowledge, agencyOwnDocuments } from './phrases/agency-knowledge.ts';
import { agencyTopics } from './phrases/agency-topics.ts';
import { americanCities, type City, germanCities, texanCities } from './phrases/common.ts';
import { fieldServiceBasics } from './phrases/field-service.ts';
import {
  fieldServiceClientDocuments,
  fieldServiceKnowledge,
  fieldServiceOwnDocuments,
} from './phrases/field-service-knowledge.ts';
import { fieldServiceTopics } from './phrases/field-service-topics.ts';
import { softwareTrade } from './phrases/software.ts';
import type { Trade } from './trade.ts';

export interface Volume {
  readonly persons: number;
  readonly contacts: number;
  readonly deals: number;
  readonly leads: number;
  readonly interactions: number;
  /** The newest interactions have a vector: an index entry of 1,536 numbers is the dearest part of the seed. */
  readonly embeddedInteractions: number;
  readonly proposals: number;
  readonly contracts: number;
  readonly properties: number;
  readonly documents: number;
}

export interface Business {
  readonly trade: Trade;
  readonly cities: readonly City[];
  readonly volume: Volume;
  /** The currency of a few deals abroad. */
  readonly foreignCurrency: string;
  readonly taxRate: number;
}

const main: Volume = {
  persons: 8,
  contacts: 180,
  deals: 120,
  leads: 60,
  interactions: 240,
  embeddedInteractions: 60,
  proposals: 25,
  contracts: 15,
  properties: 40,
  documents: 60,
};

const few: Volume = {
  persons: 1,
  contacts: 10,
  deals: 8,
  leads: 5,
  interactions: 20,
  embeddedInteractions: 8,
  proposals: 3,
  contracts: 2,
  properties: 3,
  documents: 4,
};

const agency: Trade = {
  ...agencyBasics,
  topics: agencyTopics,
  clientDocuments: agencyClientDocuments,
  ownDocuments: agencyOwnDocuments,
  knowledge: agencyKnowledge,
};

const fieldService: Trade = {
  ...fieldServiceBasics,
  topics: fieldServiceTopics,
  clientDocuments: fieldServiceClientDocuments,
  ownDocuments: fieldServiceOwnDocuments,
  knowledge: fieldServiceKnowledge,
};

const businesses: Readonly<Record<OrgSlug, Business>> = {
  acme: { trade: agency, cities: americanCities, volume: main, foreignCurrency: 'GBP', taxRate: 0.0625 },
  globex: {
    trade: fieldService,
    cities: germanCities,
    volume: { ...main, persons: 18, properties: 95 },
    foreignCurrency: 'CHF',
    taxRate: 0.19,
  },
  initech: { trade: softwareTrade, cities: texanCities, volume: few, foreignCurrency: 'USD', taxRate: 0.0825 },
};

export const businessOf = (org: DemoOrganization): Business => businesses[org.slug];
