import DataLoader from 'dataloader';
import type { Context } from '../../context.ts';

interface OfProject {
  readonly projectId: string;
}

/**
 * What is computed for each project of a list, in one statement for all of them.
 *
 * @param read finds the rows of some projects.
 * @returns finds the rows of one project, together with those that are asked for at the same time. Nothing is kept: a later
 *   mutation of the same document may have changed it.
 */
export function perProject<T extends OfProject>(read: (context: Context, ids: readonly string[]) => Promise<T[]>) {
  const loaders = new WeakMap<Context['db'], DataLoader<string, readonly T[]>>();
  const make = (context: Context) =>
    new DataLoader<string, readonly T[]>(
      async (ids) => {
        const rows = await read(context, ids);
        return ids.map((id) => rows.filter(({ projectId }) => projectId === id));
      },
      { cache: false },
    );
  return (context: Context, id: string): Promise<readonly T[]> => {
    const loader = loaders.get(context.db) ?? make(context);
    loaders.set(context.db, loader);
    return loader.load(id);
  };
}
