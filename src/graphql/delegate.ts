import type { Db } from '../db/client.ts';
import { lowerFirst } from './model.ts';
import type { PageRow } from './page.ts';

/** What the helpers ask of any model's Prisma delegate. */
export interface Delegate {
  findFirst(query: object): Promise<PageRow | null>;
  findMany(query: object): Promise<PageRow[]>;
  count(query: object): Promise<number>;
  aggregate(query: { readonly where: object; readonly _max: object }): Promise<{ readonly _max: PageRow }>;
  create(query: object): Promise<PageRow>;
  updateManyAndReturn(query: object): Promise<PageRow[]>;
  deleteMany(query: object): Promise<{ count: number }>;
}

/** The Prisma delegate of a model, by name. */
export const delegate = (db: Db, model: string): Delegate => Reflect.get(db, lowerFirst(model)) as Delegate;
