/**
 * The fields that every type has.
 */
import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import { builder, type Types } from '../builder.ts';
import { toGlobalId } from './ids.ts';
import { hasField, isSoft, keyColumn } from './model.ts';

/** Relay's object identification: anything with a global id. */
export const Node = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Anything that has a global id and can be fetched with `node(id:)`.',
  fields: (t) => ({ id: t.exposeID('id', { description: 'The global id: the type in snake case and a UUID.' }) }),
});

interface Stamped {
  readonly id: string;
  readonly userId: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly deletedAt: Date | null;
  readonly version: number;
}

/** `id` and `createdAt`; `updatedAt` and `version` of rows that change; `deletedAt` of those that are hidden before they are destroyed. */
export function recordFields<Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
) {
  const { model } = t as unknown as { model: string };
  const key = keyColumn(model);
  const column = <T>(name: keyof Stamped, type: string, description: string, nullable = false) =>
    t.field({
      type,
      nullable,
      description,
      select: { [name]: true },
      extensions: { column: name },
      resolve: (row: Stamped) => row[name] as T,
    } as never);
  return {
    id: t.field({
      type: 'ID',
      description: 'The global id.',
      select: { [key]: true },
      extensions: { globalId: model },
      resolve: (row: Stamped) => toGlobalId(model, row[key]),
    } as never),
    createdAt: column('createdAt', 'DateTime', 'When it was made.'),
    ...(hasField(model, 'version')
      ? {
          updatedAt: column('updatedAt', 'DateTime', 'When it was last changed.'),
          version: column(
            'version',
            'Int',
            'Counts the changes. Send it back as `expectedVersion` to notice a change by somebody else.',
          ),
        }
      : {}),
    ...(isSoft(model)
      ? { deletedAt: column('deletedAt', 'DateTime', 'When it was deleted; null while it is live.', true) }
      : {}),
  };
}
