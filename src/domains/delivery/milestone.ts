import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { today, todaySql } from '../../graphql/today.ts';

const MilestoneStatus = enumOf('MilestoneStatus', 'Where a milestone stands.', {
  pending: 'Still to be reached.',
  reached: 'Was reached.',
  missed: 'Was not reached by its day; it still can be.',
});

const isMissed: DerivedFilter = {
  description: 'Whether it reads MISSED: it was not reached, and its day (UTC) has passed.',
  filter: () => ({
    or: [{ status: { eq: 'missed' } }, { status: { eq: 'pending' }, dueOn: { isNull: false, lt: today() } }],
  }),
};

readable('Milestone', {
  permission: 'delivery:read',
  filter: {
    columns: ['projectId', 'roadmapPhaseId', 'name', 'dueOn', 'reachedAt'],
    enums: { status: MilestoneStatus },
    relations: ['project', 'roadmapPhase', 'tasks'],
    derived: { isMissed },
  },
  orderBy: { columns: ['name', 'dueOn', 'status', 'reachedAt'], relations: ['project', 'roadmapPhase'] },
  defaultOrder: [{ dueOn: { direction: 'asc' } }],
});

const statusSql: DerivedJson = (column) =>
  `to_json(upper(case when ${column('status')} = 'pending' and ${column('dueOn')} < ${todaySql} then 'missed' else ${column('status')} end))`;

builder.prismaObject('Milestone', {
  description: 'A day by which something in a project is reached.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    dueOn: t.expose('dueOn', { type: 'Date', nullable: true }),
    status: t.field({
      type: MilestoneStatus,
      description:
        'The state. A pending milestone reads MISSED after its day (UTC); the filter `status` and orders take it as PENDING, the filter `isMissed` does not.',
      select: { status: true, dueOn: true },
      extensions: { derived: statusSql },
      resolve: ({ status, dueOn }) => (status === 'pending' && dueOn !== null && dueOn < today() ? 'missed' : status),
    }),
    reachedAt: t.expose('reachedAt', { type: 'DateTime', nullable: true }),
    project: t.relation('project'),
    roadmapPhase: t.relation('roadmapPhase', { nullable: true }),
    tasks: relatedList(t, 'tasks', 'The tasks that lead to it.'),
  }),
});

builder.queryFields((t) => ({
  milestone: byId(t, 'Milestone', 'One milestone.'),
  milestones: list(t, 'Milestone', 'The milestones of all projects, the earliest first.'),
}));

const details = (t: InputFields) => ({
  roadmapPhaseId: t.id(),
  dueOn: t.field({ type: 'Date' }),
});

const MilestoneCreateInput = builder.inputType('MilestoneCreateInput', {
  description: 'A new milestone of a project, pending.',
  fields: (t) => ({
    id: clientId(t),
    projectId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const MilestoneUpdateInput = builder.inputType('MilestoneUpdateInput', {
  description: 'Changes to a milestone. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Milestone', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: MilestoneCreateInput,
  update: MilestoneUpdateInput,
});
