import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import type { Types } from '../builder.ts';
import type { Context } from '../context.ts';
import type { ModelName } from './model.ts';
import { loadRow } from './row-loader.ts';

/** A field that leads to the row that a column names, though no foreign key says so: logs outlive what they speak of. */
export function reference<Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
  model: ModelName,
  column: string,
  description: string,
) {
  return t.field({
    type: model,
    nullable: true,
    description,
    select: { [column]: true },
    extensions: { reference: { model, column } },
    resolve: (row: object, _args: object, context: Context, info: GraphQLResolveInfo) => {
      const key = Reflect.get(row, column) as string | null;
      return key === null ? null : loadRow(context, info, model, key);
    },
  } as never);
}
