import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { changeRow, createRow, type Input, liveRow, rowData, type Written } from '../../graphql/rows.ts';

interface Standing {
  readonly status: string;
  readonly pipelineId: string;
  readonly stageId: string;
  readonly stage: { readonly name: string };
  readonly version: number;
}

interface Stage {
  readonly id: string;
  readonly name: string;
}

const whereItStands = async (context: Context, input: Input): Promise<Standing & { id: string }> =>
  (await liveRow(context, 'Deal', input, {
    id: true,
    status: true,
    pipelineId: true,
    stageId: true,
    stage: { select: { name: true } },
  })) as unknown as Standing & { id: string };

/** Puts a deal into a stage; the database makes status, probability and closing date follow. Leaves a note in its history. */
async function putInto(context: Context, deal: Standing & { id: string }, stage: Stage, data: Input): Promise<Written> {
  const written = await changeRow(context, 'Deal', {
    id: deal.id,
    expectedVersion: deal.version,
    data: { ...data, stageId: stage.id },
  });
  if (stage.id !== deal.stageId) {
    const note = {
      entityType: 'deal',
      entityId: deal.id,
      type: 'status_change',
      subject: `${deal.stage.name} → ${stage.name}`,
      body: data.lostReason,
    };
    await createRow(context, 'Activity', note, { userId: context.scope.userId });
  }
  return written;
}

/** A chance that was named stands, even where it is the one that the deal had before. */
async function keepProbability(context: Context, id: string, probability: unknown): Promise<void> {
  if (typeof probability !== 'number') return;
  await context.db.deal.updateMany({
    where: { id, status: 'open', probability: { not: probability } },
    data: { probability },
  });
}

async function moveDeal(context: Context, input: Input): Promise<Written> {
  const { stageId, probability } = rowData<{ stageId: string; probability?: number }>('Deal', {
    ...input,
    id: undefined,
  });
  const deal = await whereItStands(context, input);
  const stage = await context.db.pipelineStage.findFirst({ where: { id: stageId }, select: { id: true, name: true } });
  if (!stage) throw new UserError('NOT_FOUND', 'There is no such stage.', ['stageId']);
  const written = await putInto(context, deal, stage, { probability });
  await keepProbability(context, deal.id, probability);
  return written;
}

/** Takes an open deal to the won or lost stage of its pipeline. */
export async function closeDeal(context: Context, input: Input, kind: 'won' | 'lost'): Promise<Written> {
  const deal = await whereItStands(context, input);
  const refuse = (message: string) => new UserError('CONFLICT', message, ['id'], deal.version);
  if (deal.status !== 'open') throw refuse(`This deal is ${deal.status} already. Move it to an open stage first.`);
  const stage = await context.db.pipelineStage.findFirst({
    where: { pipelineId: deal.pipelineId, kind },
    orderBy: [{ position: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true },
  });
  if (!stage) throw refuse(`The pipeline of this deal has no stage for ${kind} deals.`);
  const { closedAt, lostReason } = rowData<Input>('Deal', {
    closedAt: input.closedAt ?? undefined,
    lostReason: input.lostReason,
  });
  return putInto(context, deal, stage, { closedAt, lostReason });
}

const DealMoveInput = builder.inputType('DealMoveInput', {
  description: 'Where a deal goes.',
  fields: (t) => ({
    ...target(t),
    stageId: t.id({ required: true, description: 'The stage; one of another pipeline takes the deal there.' }),
    probability: t.int({
      description:
        'The chance of winning, in percent; that of the stage unless given, and always in a won or lost stage.',
    }),
  }),
});

const DealWinInput = builder.inputType('DealWinInput', {
  description: 'Which deal is won.',
  fields: (t) => ({
    ...target(t),
    closedAt: t.field({ type: 'DateTime', description: 'When it was won; now unless given.' }),
  }),
});

const DealLoseInput = builder.inputType('DealLoseInput', {
  description: 'Which deal is lost, and why.',
  fields: (t) => ({
    ...target(t),
    lostReason: t.string({ required: true, description: 'Why it was lost.' }),
    closedAt: t.field({ type: 'DateTime', description: 'When it was lost; now unless given.' }),
  }),
});

mutation({
  name: 'dealMove',
  description:
    'Moves a deal to another stage. Its status and probability follow; an open stage opens a closed deal again.',
  permission: 'crm:write',
  input: DealMoveInput,
  returns: 'Deal',
  run: (input, context) => moveDeal(context, input),
});

mutation({
  name: 'dealWin',
  description: 'Moves an open deal to the won stage of its pipeline.',
  permission: 'crm:write',
  input: DealWinInput,
  returns: 'Deal',
  run: (input, context) => closeDeal(context, input, 'won'),
});

mutation({
  name: 'dealLose',
  description: 'Moves an open deal to the lost stage of its pipeline.',
  permission: 'crm:write',
  input: DealLoseInput,
  returns: 'Deal',
  run: (input, context) => closeDeal(context, input, 'lost'),
});
