import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { nextPlace } from '../../graphql/place.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, rowData, rowId, updateRow, type Written } from '../../graphql/rows.ts';

export const PipelineStageKind = enumOf('PipelineStageKind', 'What a stage makes of the deals in it.', {
  open: 'They are open.',
  won: 'They are won.',
  lost: 'They are lost.',
});

readable('PipelineStage', {
  permission: 'crm:read',
  filter: {
    columns: ['pipelineId', 'name', 'position', 'probability'],
    enums: { kind: PipelineStageKind },
    relations: ['pipeline', 'deals'],
  },
  orderBy: {
    columns: ['name', 'position', 'probability', 'kind'],
    relations: ['pipeline'],
  },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('PipelineStage', {
  description: 'One step of a pipeline.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    position: t.exposeInt('position'),
    probability: t.exposeInt('probability'),
    kind: t.expose('kind', { type: PipelineStageKind }),
    pipeline: t.relation('pipeline'),
    deals: relatedList(t, 'deals', 'The deals in this stage.'),
  }),
});

builder.queryFields((t) => ({
  pipelineStage: byId(t, 'PipelineStage', 'One stage.'),
  pipelineStages: list(t, 'PipelineStage', 'The stages of all pipelines, by position.'),
}));

const details = (t: InputFields) => ({ probability: t.int(), kind: t.field({ type: PipelineStageKind }) });

const PipelineStageCreateInput = builder.inputType('PipelineStageCreateInput', {
  description: 'A new stage.',
  fields: (t) => ({
    id: clientId(t),
    pipelineId: t.id({ required: true }),
    name: t.string({ required: true }),
    position: t.int({ description: 'The place in the order, lowest first; the last place unless given.' }),
    ...details(t),
  }),
});

const PipelineStageUpdateInput = builder.inputType('PipelineStageUpdateInput', {
  description: 'Changes to a stage. Fields left out stay. Deals that are in the stage keep their probability.',
  fields: (t) => ({ ...target(t), name: t.string(), position: t.int(), ...details(t) }),
});

async function createStage(context: Context, input: Input): Promise<Written> {
  const { pipelineId } = rowData<{ pipelineId: string }>('PipelineStage', input);
  const position = input.position ?? (await nextPlace(context, 'PipelineStage', { pipelineId }));
  return createRow(context, 'PipelineStage', { ...input, position });
}

/** A deal's status is the kind of its stage, so the kind is fixed while there are deals. */
async function updateStage(context: Context, input: Input): Promise<Written> {
  if (!input.kind) return updateRow(context, 'PipelineStage', input);
  const { kind, version } = await liveRow(context, 'PipelineStage', input, { kind: true });
  const changes = kind !== input.kind;
  if (changes && (await context.db.deal.count({ where: { stageId: rowId('PipelineStage', input) } })) > 0) {
    throw new UserError('CONFLICT', 'Deals are in this stage, so its kind cannot change.', ['kind'], version);
  }
  return updateRow(context, 'PipelineStage', input);
}

mutation({
  name: 'pipelineStageCreate',
  description: 'Adds a stage to a pipeline.',
  permission: 'crm:write',
  input: PipelineStageCreateInput,
  returns: 'PipelineStage',
  run: (input, context) => createStage(context, input),
});

mutation({
  name: 'pipelineStageUpdate',
  description: 'Changes a stage. Its kind can change only while no deal is in it.',
  permission: 'crm:write',
  input: PipelineStageUpdateInput,
  returns: 'PipelineStage',
  run: (input, context) => updateStage(context, input),
});

lifecycle('PipelineStage', { write: 'crm:write', destroy: 'crm:destroy' });
