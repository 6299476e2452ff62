import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { type Input, liveRow, updateRow } from '../../graphql/rows.ts';

const TemplateType = enumOf('TemplateType', 'What a template is for.', {
  proposal: 'Proposals.',
  contract: 'Contracts.',
  brief: 'Briefs.',
  email: 'Mails.',
  invoice: 'Invoices.',
});

readable('Template', {
  permission: 'crm:read',
  filter: {
    columns: ['name', 'content', 'isSystem'],
    enums: { type: TemplateType },
    relations: ['proposals'],
  },
  orderBy: { columns: ['name', 'type', 'isSystem'] },
});

builder.prismaObject('Template', {
  description: 'A reusable body for proposals, contracts, briefs, mails and invoices.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    type: t.expose('type', { type: TemplateType }),
    content: t.expose('content', { type: 'JSON' }),
    isSystem: t.exposeBoolean('isSystem'),
    proposals: relatedList(t, 'proposals', 'The proposals made from it.'),
  }),
});

builder.queryFields((t) => ({
  template: byId(t, 'Template', 'One template.'),
  templates: list(t, 'Template', 'The templates of the organization, its own and those that came with it.'),
}));

const TemplateCreateInput = builder.inputType('TemplateCreateInput', {
  description: 'A new template.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    type: t.field({ type: TemplateType, required: true }),
    content: t.field({ type: 'JSON' }),
  }),
});

const TemplateUpdateInput = builder.inputType('TemplateUpdateInput', {
  description: "Changes to one of the organization's own templates. Fields left out stay.",
  fields: (t) => ({
    ...target(t),
    name: t.string(),
    type: t.field({ type: TemplateType }),
    content: t.field({ type: 'JSON' }),
  }),
});

/** The database would refuse it too, without saying why. */
async function refuseSystem(input: Input, context: Context): Promise<void> {
  const { isSystem, version } = await liveRow(context, 'Template', input, { isSystem: true });
  if (!isSystem) return;
  throw new UserError(
    'FORBIDDEN',
    'This template came with the organization and stays as it is. Make one of your own instead.',
    ['id'],
    version,
  );
}

mutation({
  name: 'templateUpdate',
  description: "Changes one of the organization's own templates.",
  permission: 'crm:write',
  input: TemplateUpdateInput,
  returns: 'Template',
  run: async (input, context) => {
    await refuseSystem(input, context);
    return updateRow(context, 'Template', input);
  },
});

lifecycle('Template', {
  write: 'crm:write',
  destroy: 'crm:destroy',
  before: refuseSystem,
  create: TemplateCreateInput,
});
