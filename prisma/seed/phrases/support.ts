/** What each trade looks after: devices, spare parts, promises to clients, and what goes wrong. */
import type { OrgSlug } from '../people.ts';
import { agencySupport } from './support-agency.ts';
import { fieldServiceSupport } from './support-field-service.ts';

export type Priority = 'low' | 'medium' | 'high' | 'urgent';

export interface DeviceModel {
  readonly name: string;
  readonly category: string;
  readonly manufacturer: string;
  readonly model: string;
  /** How its serial numbers begin. */
  readonly serial: string;
  readonly config: Readonly<Record<string, string | number | boolean>>;
}

/** Something that goes wrong, and what is written about it, in order. */
export interface Problem {
  readonly subject: string;
  readonly priority: Priority;
  /** What the client says first. */
  readonly description: string;
  readonly answer: string;
  readonly note: string;
  readonly reply: string;
  readonly solution: string;
  /** The category of device that it is about. */
  readonly device?: string;
  readonly tags: readonly string[];
}

export interface Part {
  readonly sku: string;
  readonly name: string;
  readonly cents: number;
  readonly reorderPoint: number;
  /** The category of device that it is for. */
  readonly device?: string;
}

export interface SupportWords {
  readonly models: readonly DeviceModel[];
  readonly parts: readonly Part[];
  readonly problems: readonly Problem[];
  readonly agreements: readonly { readonly name: string; readonly cents: number }[];
  readonly warehouses: readonly string[];
  readonly vehicles: readonly string[];
  readonly warrantyTerms: readonly string[];
  /** How many of each the organization has. */
  readonly volume: Readonly<Record<'devices' | 'tickets' | 'agreements', number>>;
  /** The share of working days on which a technician has a visit at some time. */
  readonly visits: number;
}

const software: SupportWords = {
  models: [
    {
      name: 'Label printer',
      category: 'printer',
      manufacturer: 'Stripewell',
      model: 'LP-4',
      serial: 'LP4',
      config: { dpi: 300 },
    },
  ],
  parts: [{ sku: 'LBL-100', name: 'Label roll, 100 mm', cents: 900, reorderPoint: 10, device: 'printer' }],
  problems: [
    {
      subject: 'Import stopped at two in the morning',
      priority: 'high',
      description: 'No orders since the night run.',
      answer: 'Found it: the supplier renamed a column. Orders are loaded by ten.',
      note: 'Make the import accept both names.',
      reply: 'They are here, thank you.',
      solution: 'The import knows both names and tells us about new ones.',
      tags: ['import'],
    },
    {
      subject: 'Label printer skips every second label',
      priority: 'low',
      description: 'It started with the new rolls.',
      answer: 'The gap is wider on these rolls. Please choose "auto" in the menu.',
      note: 'Add it to the handbook.',
      reply: 'That was it.',
      solution: 'Works with the new rolls.',
      device: 'printer',
      tags: ['printer'],
    },
    {
      subject: 'Report takes an hour',
      priority: 'medium',
      description: 'The monthly report used to take four minutes.',
      answer: 'An index is missing since the migration. We add it tonight.',
      note: 'Check the other reports too.',
      reply: 'Four minutes again.',
      solution: 'The index is back, and all reports were timed.',
      tags: ['reports'],
    },
  ],
  agreements: [{ name: 'Support plan', cents: 98_000 }],
  warehouses: ['Office'],
  vehicles: ['Pick-up'],
  warrantyTerms: ['One year, sent in.'],
  volume: { devices: 2, tickets: 8, agreements: 2 },
  visits: 0.02,
};

const words: Readonly<Record<OrgSlug, SupportWords>> = {
  acme: agencySupport,
  globex: fieldServiceSupport,
  initech: software,
};

export const supportWordsOf = (slug: OrgSlug): SupportWords => words[slug];
