import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import type { FilterInput } from '../../graphql/filter-conditions.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { today, todaySql } from '../../graphql/today.ts';

/** The warranties that hold on a day. */
export const activeOn = (day: Date): FilterInput => ({ startsOn: { lte: day }, endsOn: { gte: day } });

readable('Warranty', {
  permission: 'support:read',
  filter: {
    columns: ['deviceId', 'provider', 'terms', 'startsOn', 'endsOn'],
    relations: ['device'],
    derived: {
      isActive: { description: 'Whether it holds today.', filter: () => activeOn(today()) },
      activeOn: { description: 'Only what holds on this day.', type: 'DateOrDuration', filter: activeOn },
    },
  },
  orderBy: { columns: ['provider', 'startsOn', 'endsOn'], relations: ['device'] },
});

const isActiveSql: DerivedJson = (column) =>
  `to_json(${todaySql} between ${column('startsOn')} and ${column('endsOn')})`;

builder.prismaObject('Warranty', {
  description: 'A promise to repair or replace a device for some time.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    provider: t.exposeString('provider', { nullable: true }),
    terms: t.exposeString('terms', { nullable: true }),
    startsOn: t.expose('startsOn', { type: 'Date' }),
    endsOn: t.expose('endsOn', { type: 'Date' }),
    isActive: t.boolean({
      description: 'Whether it holds today.',
      select: { startsOn: true, endsOn: true },
      extensions: { derived: isActiveSql },
      resolve: ({ startsOn, endsOn }) => startsOn <= today() && endsOn >= today(),
    }),
    device: t.relation('device'),
  }),
});

builder.queryFields((t) => ({
  warranty: byId(t, 'Warranty', 'One warranty.'),
  warranties: list(t, 'Warranty', 'The warranties of all devices, those that are over included.'),
}));

const details = (t: InputFields) => ({
  provider: t.string(),
  terms: t.string(),
});

const WarrantyCreateInput = builder.inputType('WarrantyCreateInput', {
  description: 'A new warranty on a device.',
  fields: (t) => ({
    id: clientId(t),
    deviceId: t.id({ required: true }),
    startsOn: t.field({ type: 'Date', required: true }),
    endsOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const WarrantyUpdateInput = builder.inputType('WarrantyUpdateInput', {
  description: 'Changes to a warranty. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    deviceId: t.id(),
    startsOn: t.field({ type: 'Date' }),
    endsOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('Warranty', {
  write: 'support:write',
  destroy: 'support:destroy',
  create: WarrantyCreateInput,
  update: WarrantyUpdateInput,
});
