import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { type Input, liveRow, updateRow, type Written } from '../../graphql/rows.ts';

const DealStatus = enumOf('DealStatus', 'Where a deal stands; follows the kind of its stage.', {
  open: 'Not decided yet.',
  won: 'Won.',
  lost: 'Lost.',
});

readable('Deal', {
  permission: 'crm:read',
  filter: {
    columns: [
      'title',
      'accountId',
      'contactId',
      'pipelineId',
      'stageId',
      'valueCents',
      'currency',
      'probability',
      'expectedCloseOn',
      'closedAt',
      'lostReason',
      'ownerId',
      'metadata',
    ],
    enums: { status: DealStatus },
    relations: [
      'account',
      'contact',
      'pipeline',
      'stage',
      'owner',
      'interactions',
      'proposals',
      'convertedLeads',
      'projects',
      'tasks',
      'events',
    ],
  },
  orderBy: {
    columns: ['title', 'valueCents', 'currency', 'probability', 'status', 'expectedCloseOn', 'closedAt'],
    relations: ['account', 'contact', 'pipeline', 'stage', 'owner'],
  },
});

builder.prismaObject('Deal', {
  description: 'A possible sale, moving through the stages of a pipeline.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    title: t.exposeString('title'),
    value: money(t, 'The value.', 'valueCents'),
    probability: t.exposeInt('probability'),
    status: t.expose('status', { type: DealStatus }),
    expectedCloseOn: t.expose('expectedCloseOn', { type: 'Date', nullable: true }),
    closedAt: t.expose('closedAt', { type: 'DateTime', nullable: true }),
    lostReason: t.exposeString('lostReason', { nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    account: t.relation('account', { nullable: true }),
    contact: t.relation('contact', { nullable: true }),
    pipeline: t.relation('pipeline'),
    stage: t.relation('stage'),
    owner: t.relation('owner', { nullable: true }),
    interactions: relatedList(t, 'interactions', 'The calls, mails, meetings and notes about this deal.'),
    proposals: relatedList(t, 'proposals', 'The proposals for this deal.'),
    convertedLeads: relatedList(t, 'convertedLeads', 'The leads that became this deal.'),
    projects: relatedList(t, 'projects', 'The projects that came from this deal.'),
    tasks: relatedList(t, 'tasks', 'The tasks about this deal.'),
    events: relatedList(t, 'events', 'The appointments about this deal.'),
  }),
});

builder.queryFields((t) => ({
  deal: byId(t, 'Deal', 'One deal.'),
  deals: list(t, 'Deal', 'The deals of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  contactId: t.id(),
  valueCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  probability: t.int({ description: 'The chance of winning, in percent; that of the stage unless given.' }),
  expectedCloseOn: t.field({ type: 'Date' }),
  ownerId: t.id(),
  metadata: t.field({ type: 'JSON' }),
});

const DealCreateInput = builder.inputType('DealCreateInput', {
  description: 'A new deal.',
  fields: (t) => ({
    id: clientId(t),
    title: t.string({ required: true }),
    pipelineId: t.id({ description: 'The pipeline; that of the stage, or the default one, unless given.' }),
    stageId: t.id({ description: 'The stage; the first open one of the pipeline unless given.' }),
    ...details(t),
  }),
});

const DealUpdateInput = builder.inputType('DealUpdateInput', {
  description: 'Changes to a deal. Fields left out stay; null clears. `dealMove` changes the stage.',
  fields: (t) => ({ ...target(t), title: t.string(), lostReason: t.string(), ...details(t) }),
});

/** What only a deal in one state has. */
const onlyWhile = { probability: 'open', lostReason: 'lost' } as const;

async function updateDeal(context: Context, input: Input): Promise<Written> {
  const limited = Object.entries(onlyWhile).filter(([name]) => input[name] !== undefined);
  if (limited.length === 0) return updateRow(context, 'Deal', input);
  const { status, version } = await liveRow(context, 'Deal', input, { status: true });
  for (const [name, wanted] of limited) {
    if (status !== wanted)
      throw new UserError(
        'CONFLICT',
        `${name} changes only while a deal is ${wanted}; this one is ${status}.`,
        [name],
        version,
      );
  }
  return updateRow(context, 'Deal', { ...input, expectedVersion: version });
}

mutation({
  name: 'dealUpdate',
  description: 'Changes a deal.',
  permission: 'crm:write',
  input: DealUpdateInput,
  returns: 'Deal',
  run: (input, context) => updateDeal(context, input),
});

lifecycle('Deal', { write: 'crm:write', destroy: 'crm:destroy', create: DealCreateInput });
