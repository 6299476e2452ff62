import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
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
  description: 'What was known about a project when its strategy was made. It stays as it is.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    versionNumber: t.exposeInt('versionNumber'),
    summary: t.exposeString('summary', { nullable: true }),
    metrics: t.expose('metrics', { type: 'JSON' }),
    project: t.relation('project'),
    wizardSession: t.relation('wizardSession', { nullable: true }),
    roadmaps: relatedList(t, 'roadmaps', 'The roadmaps that are based on it.'),
  }),
});

builder.queryFields((t) => ({
  contextSnapshot: byId(t, 'ContextSnapshot', 'One snapshot.'),
  contextSnapshots: list(t, 'ContextSnapshot', 'The snapshots of all projects.'),
}));

const ContextSnapshotCreateInput = builder.inputType('ContextSnapshotCreateInput', {
  description: 'What is known about a project now, written by hand. It gets the next number of the project.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    summary: t.string(),
    metrics: t.field({ type: 'JSON' }),
  }),
});

mutation({
  name: 'contextSnapshotCreate',
  description: 'Adds a snapshot to a project. It stays as it is.',
  permission: 'delivery:write',
  input: ContextSnapshotCreateInput,
  returns: 'ContextSnapshot',
  run: (input, context) => createRow(context, 'ContextSnapshot', input),
});
