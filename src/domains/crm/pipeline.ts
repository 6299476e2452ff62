import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowId, updateRow, type Written } from '../../graphql/rows.ts';
import { PipelineStageKind } from './pipeline-stage.ts';

readable('Pipeline', {
  permission: 'crm:read',
  filter: {
    columns: ['name', 'position', 'isDefault'],
    relations: ['stages', 'deals'],
  },
  orderBy: { columns: ['name', 'position', 'isDefault'] },
  defaultOrder: [{ position: { direction: 'asc' } }],
});

builder.prismaObject('Pipeline', {
  description: 'A sequence of stages that deals move through.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    position: t.exposeInt('position'),
    isDefault: t.exposeBoolean('isDefault'),
    stages: relatedList(t, 'stages', 'The stages, by position.'),
    deals: relatedList(t, 'deals', 'The deals in this pipeline.'),
  }),
});

builder.queryFields((t) => ({
  pipeline: byId(t, 'Pipeline', 'One pipeline.'),
  pipelines: list(t, 'Pipeline', 'The pipelines of the organization, by position.'),
}));

const PipelineStageInput = builder.inputType('PipelineStageInput', {
  description: 'A stage of a new pipeline. Its position is its place in the list.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name.' }),
    probability: t.int({ description: 'The chance of winning, in percent; 0 unless given.' }),
    kind: t.field({ type: PipelineStageKind, description: 'What it is; OPEN unless given.' }),
  }),
});

const PipelineCreateInput = builder.inputType('PipelineCreateInput', {
  description: 'A new pipeline.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    position: t.int(),
    isDefault: t.boolean({
      description: 'Whether new deals start here. The default pipeline until now is one no longer.',
    }),
    stages: t.field({ type: [PipelineStageInput], description: 'Its stages, in order.' }),
  }),
});

const PipelineUpdateInput = builder.inputType('PipelineUpdateInput', {
  description: 'Changes to a pipeline. Fields left out stay.',
  fields: (t) => ({
    ...target(t),
    name: t.string(),
    position: t.int(),
    isDefault: t.boolean({
      description: 'Whether new deals start here. The default pipeline until now is one no longer.',
    }),
  }),
});

type StageInput = typeof PipelineStageInput.$inferInput;

/** The database would not say which of the stages is at fault. */
function checkStage({ name, probability }: StageInput, index: number): void {
  const at = (field: string) => ['stages', String(index), field];
  if (name === '' || name.includes('\0')) throw new UserError('BAD_USER_INPUT', 'A stage needs a name.', at('name'));
  if (probability && (probability < 0 || probability > 100)) {
    throw new UserError('BAD_USER_INPUT', 'A probability is 0 to 100.', at('probability'));
  }
}

async function addStages(context: Context, pipelineId: string, stages: readonly StageInput[]): Promise<void> {
  stages.forEach(checkStage);
  const data = stages.map(({ name, probability, kind }, index) => ({
    pipelineId,
    name,
    position: index + 1,
    probability: probability ?? undefined,
    kind: kind ?? undefined,
  }));
  await context.db.pipelineStage.createMany({ data });
}

/** There is one default at most: whichever it was gives way. */
async function moveDefault(context: Context, input: Input): Promise<void> {
  if (input.isDefault !== true) return;
  const others = input.id ? { id: { not: rowId('Pipeline', input) } } : {};
  await context.db.pipeline.updateMany({ where: { isDefault: true, ...others }, data: { isDefault: false } });
}

async function createPipeline(
  context: Context,
  { stages, ...input }: typeof PipelineCreateInput.$inferInput,
): Promise<Written> {
  await moveDefault(context, input);
  const pipeline = await createRow(context, 'Pipeline', input);
  if (stages && stages.length > 0) await addStages(context, pipeline.id, stages);
  return pipeline;
}

mutation({
  name: 'pipelineCreate',
  description: 'Makes a pipeline with its stages.',
  permission: 'crm:write',
  input: PipelineCreateInput,
  returns: 'Pipeline',
  run: (input, context) => createPipeline(context, input),
});

mutation({
  name: 'pipelineUpdate',
  description: 'Changes a pipeline.',
  permission: 'crm:write',
  input: PipelineUpdateInput,
  returns: 'Pipeline',
  run: async (input, context) => {
    await moveDefault(context, input);
    return updateRow(context, 'Pipeline', input);
  },
});

lifecycle('Pipeline', { write: 'crm:write', destroy: 'crm:destroy' });
