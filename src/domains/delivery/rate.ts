import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type { Types } from '../../builder.ts';
import { money } from '../../graphql/money.ts';

/** What an hour costs, in the currency of the project: not for everybody to read. */
export const rate = <Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
  description: string,
  cents: 'billRateCents' | 'costRateCents',
) => money(t, `${description} Needs \`rates:read\`.`, cents, ['project', 'currency'], { permission: 'rates:read' });
