/** What every part of an organization's demo data needs at hand. */
import type pg from 'pg';
import type { Credentials } from '../../src/credentials/credentials.ts';
import type { FileStore } from '../../src/files/store.ts';
import type { Embedder } from '../../src/search/embedder.ts';
import { toVectorLiteral } from '../../src/search/vector.ts';
import type { Calendar } from './calendar.ts';
import { type DemoOrganization, demoId, peopleOf } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { type Business, businessOf } from './trades.ts';

/** What demo data needs of the server beside its database. */
export interface SeedServices {
  readonly embedder: Embedder;
  /** Null when the server keeps no files: then the demo has none that can be downloaded. */
  readonly store: FileStore | null;
  readonly credentials: Credentials;
}

export interface Scene extends SeedServices {
  readonly client: pg.ClientBase;
  readonly calendar: Calendar;
  readonly org: DemoOrganization;
  readonly business: Business;
  /** The ids of the people who work on clients: everybody but viewers. */
  readonly staff: readonly string[];
  /** The fixed id of the row of a table. */
  id(table: string, number: number): string;
  /** The source of chance of one table. */
  random(table: string): Random;
}

export function createScene(
  client: pg.ClientBase,
  services: SeedServices,
  calendar: Calendar,
  org: DemoOrganization,
): Scene {
  const workers = peopleOf(org.slug).filter(({ role }) => role !== 'viewer');
  return {
    ...services,
    client,
    calendar,
    org,
    business: businessOf(org),
    staff: workers.map(({ uuid }) => uuid),
    id: (table, number) => demoId(`${org.slug}:${table}:${number}`),
    random: (table) => createRandom(`${org.slug}:${table}`),
  };
}

/** Gives each text its vector, as pgvector reads it, and the name of the model. */
export async function embedTexts(embedder: Embedder, texts: readonly string[], dimensions: number) {
  const vectors = await embedder.embed(texts, dimensions);
  return vectors.map((vector) => ({ embedding: toVectorLiteral(vector), embedding_model: embedder.model }));
}

/** A name as it stands in an address: `Möbelhaus Brandt` becomes `mobelhaus-brandt`. */
export const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
