import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('ContextSnapshot', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'wizardSessionId', 'versionNumber', 'summary', 'metrics'],
    relations: ['project', 'wizardSession', 'roadmaps'],
  },
  orderBy: { columns: ['versionNumber'], relations: ['project', 'wizardSession'] },
});

builder.prismaObject('ContextSnapshot', {
  description: 'What was known about a project when its strategy was made. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    summary: t.exposeString('summary', { nullable: true }),
    metrics: t.expose('metrics', { type: 'JSON' }),
    project: t.relation('project'),
    wizardSession: t.relation('wizardSession', { nullable: true }),
    roadmaps: relatedList(t, 'roadmaps', 'The roadmaps.'),
  }),
});

builder.queryFields((t) => ({
  contextSnapshot: byId(t, 'ContextSnapshot', 'One context snapshot.'),
  contextSnapshots: list(t, 'ContextSnapshot', 'The context snapshots of the organization.'),
}));

const details = (t: InputFields) => ({
  wizardSessionId: t.id(),
  summary: t.string(),
  metrics: t.field({ type: 'JSON' }),
});

const ContextSnapshotCreateInput = builder.inputType('ContextSnapshotCreateInput', {
  description: 'A new context snapshot.',
  fields: (t) => ({ id: clientId(t), projectId: t.id({ required: true }), ...details(t) }),
});

mutation({
  name: 'contextSnapshotCreate',
  description: 'Adds a context snapshot. It stays as it is.',
  permission: 'delivery:write',
  input: ContextSnapshotCreateInput,
  returns: 'ContextSnapshot',
  run: (input, context) => createRow(context, 'ContextSnapshot', input),
});
