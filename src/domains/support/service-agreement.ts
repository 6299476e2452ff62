import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { enumOf } from '../../graphql/enums.ts';
import type { FilterInput } from '../../graphql/filter-conditions.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { today, todaySql } from '../../graphql/today.ts';

const ServiceAgreementStatus = enumOf('ServiceAgreementStatus', 'Where a service agreement stands.', {
  draft: 'Not agreed on.',
  active: 'Agreed on. It holds from its first day on.',
  expired: 'Its last day is over.',
  canceled: 'Ended before its time, or never agreed on.',
});

const activeOn = (day: Date): FilterInput => ({
  status: { eq: 'active' },
  startsOn: { isNull: false, lte: day },
  or: [{ endsOn: { isNull: true } }, { endsOn: { isNull: false, gte: day } }],
});

readable('ServiceAgreement', {
  permission: 'support:read',
  filter: {
    columns: ['accountId', 'propertyId', 'slaId', 'name', 'startsOn', 'endsOn', 'feeCents', 'currency'],
    enums: { status: ServiceAgreementStatus },
    relations: ['account', 'property', 'sla'],
    derived: {
      isActive: { description: 'Whether it is active, and holds today.', filter: () => activeOn(today()) },
      activeOn: {
        description: 'Only what is active, and holds on this day.',
        type: 'DateOrDuration',
        filter: activeOn,
      },
    },
  },
  orderBy: {
    columns: ['name', 'status', 'startsOn', 'endsOn', 'feeCents', 'currency'],
    relations: ['account', 'property', 'sla'],
  },
});

interface Term {
  readonly status: string;
  readonly startsOn: Date | null;
  readonly endsOn: Date | null;
}

const isOver = ({ status, endsOn }: Term): boolean => status === 'active' && endsOn !== null && endsOn < today();
const holdsToday = (term: Term): boolean =>
  term.status === 'active' && !isOver(term) && term.startsOn !== null && term.startsOn <= today();

const statusSql: DerivedJson = (column) =>
  `to_json(upper(case when ${column('status')} = 'active' and ${column('endsOn')} < ${todaySql} then 'expired' else ${column('status')} end))`;
const isActiveSql: DerivedJson = (column) =>
  `to_json(coalesce(${column('status')} = 'active' and ${todaySql} between ${column('startsOn')} and coalesce(${column('endsOn')}, 'infinity'), false))`;

builder.prismaObject('ServiceAgreement', {
  description: 'An agreement with a client to look after what it has.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    status: t.field({
      type: ServiceAgreementStatus,
      description:
        'The state. An active agreement reads EXPIRED after its last day; filters and orders take it as ACTIVE: `isActive` knows the day.',
      select: { status: true, startsOn: true, endsOn: true },
      extensions: { derived: statusSql },
      resolve: (term) => (isOver(term) ? 'expired' : term.status),
    }),
    isActive: t.boolean({
      description: 'Whether it is active, and holds today.',
      select: { status: true, startsOn: true, endsOn: true },
      extensions: { derived: isActiveSql },
      resolve: holdsToday,
    }),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    fee: money(t, 'What it costs.', 'feeCents'),
    account: t.relation('account'),
    property: t.relation('property', { nullable: true }),
    sla: t.relation('sla', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  serviceAgreement: byId(t, 'ServiceAgreement', 'One service agreement.'),
  serviceAgreements: list(t, 'ServiceAgreement', 'The agreements with all clients.'),
}));

const details = (t: InputFields) => ({
  propertyId: t.id(),
  slaId: t.id(),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
  feeCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
});

const ServiceAgreementCreateInput = builder.inputType('ServiceAgreementCreateInput', {
  description: 'A new service agreement, a draft.',
  fields: (t) => ({
    id: clientId(t),
    accountId: t.id({ required: true }),
    name: t.string({ required: true }),
    ...details(t),
  }),
});

const ServiceAgreementUpdateInput = builder.inputType('ServiceAgreementUpdateInput', {
  description:
    'Changes to a service agreement. Tickets keep the SLA that they have. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), accountId: t.id(), name: t.string(), ...details(t) }),
});

lifecycle('ServiceAgreement', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: ServiceAgreementCreateInput,
  update: ServiceAgreementUpdateInput,
});
