/** The order of sections, and of the items of a section. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { delegate } from '../../graphql/delegate.ts';
import { type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, rowId, uuidAt, type Written } from '../../graphql/rows.ts';
import { placeAt } from './place.ts';

const beside = (t: InputFields, what: string) => ({
  ...target(t),
  beforeId: t.id({ description: `The ${what} that it comes before. Give this or \`afterId\`.` }),
  afterId: t.id({ description: `The ${what} that it comes after. Give this or \`beforeId\`.` }),
});

const CmsSectionMoveInput = builder.inputType('CmsSectionMoveInput', {
  description: 'Which section goes where.',
  fields: (t) => beside(t, 'section'),
});

const CmsItemMoveInput = builder.inputType('CmsItemMoveInput', {
  description: 'Which item goes where, within its section.',
  fields: (t) => beside(t, 'item'),
});

interface Neighbor {
  readonly field: 'beforeId' | 'afterId';
  readonly id: string;
}

function neighborOf(model: 'CmsSection' | 'CmsItem', { beforeId, afterId }: Input): Neighbor {
  if (Boolean(beforeId) === Boolean(afterId))
    throw new UserError('BAD_USER_INPUT', 'Give beforeId or afterId, and not both.', ['beforeId']);
  const field = beforeId ? 'beforeId' : 'afterId';
  return { field, id: uuidAt(model, beforeId || afterId, [field]) };
}

/** Puts a row beside another one. Its siblings are locked by then. */
async function move(context: Context, model: 'CmsSection' | 'CmsItem', input: Input, where: Input): Promise<Written> {
  const neighbor = neighborOf(model, input);
  const id = rowId(model, input);
  const others = await delegate(context.db, model).findMany({
    where: { ...where, id: { not: id } },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: { id: true, position: true },
  });
  const index = others.findIndex((row) => row.id === neighbor.id);
  if (index < 0) throw new UserError('NOT_FOUND', 'There is no such neighbor.', [neighbor.field]);
  const positions = others.map(({ position }) => Number(position));
  const { position, pushed } = placeAt(positions, neighbor.field === 'beforeId' ? index : index + 1);
  for (const [at, further] of pushed)
    await changeRow(context, model, { id: String(others[at]?.id), data: { position: further } });
  return changeRow(context, model, { id, expectedVersion: input.expectedVersion, data: { position } });
}

async function moveSection(context: Context, input: Input): Promise<Written> {
  await context.db.$queryRaw`select 1 from cms_sections order by id for no key update`;
  const { version } = await liveRow(context, 'CmsSection', input, {});
  return move(context, 'CmsSection', { ...input, expectedVersion: version }, {});
}

async function moveItem(context: Context, input: Input): Promise<Written> {
  await context.db.$queryRaw`
    select 1 from cms_sections where id = (select section_id from cms_items where id = ${rowId('CmsItem', input)}::uuid)
      for no key update`;
  const { sectionId, version } = await liveRow(context, 'CmsItem', input, { sectionId: true });
  return move(context, 'CmsItem', { ...input, expectedVersion: version }, { sectionId, deletedAt: null });
}

mutation({
  name: 'cmsSectionMove',
  description: 'Puts a section before or after another one.',
  permission: 'content:write',
  input: CmsSectionMoveInput,
  returns: 'CmsSection',
  run: (input, context) => moveSection(context, input),
});

mutation({
  name: 'cmsItemMove',
  description: 'Puts an item before or after another one of its section.',
  permission: 'content:write',
  input: CmsItemMoveInput,
  returns: 'CmsItem',
  run: (input, context) => moveItem(context, input),
});
