import type { Context } from '../context.ts';
import { delegate } from './delegate.ts';
import type { Input } from './rows.ts';

/** The position behind the last of some rows, such as those of the same parent. */
export async function nextPlace({ db }: Context, model: string, where: Input): Promise<number> {
  const { _max } = await delegate(db, model).aggregate({ where, _max: { position: true } });
  return Number(_max.position ?? 0) + 1;
}
