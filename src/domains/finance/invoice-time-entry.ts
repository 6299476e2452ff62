import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('InvoiceTimeEntry', {
  permission: 'finance:read',
  filter: { columns: ['lineItemId', 'timeEntryId'], relations: ['lineItem', 'timeEntry'] },
  orderBy: { columns: [], relations: ['lineItem', 'timeEntry'] },
});

builder.prismaObject('InvoiceTimeEntry', {
  description:
    'A time entry that an invoice line bills. No entry is billed twice: it is free again when the line of a draft is removed, or when whoever voids the invoice says so. A draft that is only deleted keeps it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    lineItem: t.relation('lineItem'),
    timeEntry: t.relation('timeEntry'),
  }),
});

builder.queryFields((t) => ({
  invoiceTimeEntry: byId(t, 'InvoiceTimeEntry', 'One time entry that was billed.'),
  invoiceTimeEntries: list(t, 'InvoiceTimeEntry', 'The time that invoices bill; `invoiceFromTimeEntries` adds to it.'),
}));
