import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields, entityIdInput, findEntity } from '../../graphql/entity.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import type { ModelName } from '../../graphql/model.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { atField, createRow, liveRow, rowData, type Written } from '../../graphql/rows.ts';
import { demandState } from '../../graphql/status.ts';

/** What files are attached to. */
const attachable: readonly ModelName[] = [
  'Account',
  'Property',
  'Contact',
  'Lead',
  'Deal',
  'Interaction',
  'Proposal',
  'Contract',
  'Project',
  'Task',
  'Milestone',
  'Deliverable',
  'Brief',
  'Invoice',
  'Payment',
  'Expense',
  'Document',
  'Employee',
  'PerformanceReview',
  'LeaveRequest',
  'TrainingCourse',
  'Ticket',
  'TicketComment',
  'ServiceAgreement',
  'Warranty',
  'Device',
  'InventoryItem',
  'Conversation',
  'Message',
  'Event',
  'CmsItem',
  'Approval',
];

readable('Attachment', {
  permission: 'files:read',
  filter: { columns: ['fileId', 'entityType', 'entityId'], relations: ['file'] },
  orderBy: { columns: ['entityType'], relations: ['file'] },
});

builder.prismaObject('Attachment', {
  description:
    'A file attached to a record of any kind, for those who see the record. Filter the list by entityType and entityId for those of a record.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t),
    file: t.relation('file'),
  }),
});

builder.queryFields((t) => ({
  attachment: byId(t, 'Attachment', 'One attachment.'),
  attachments: list(t, 'Attachment', 'What files are attached to, all over the organization.'),
}));

const AttachmentCreateInput = builder.inputType('AttachmentCreateInput', {
  description: 'Which file to attach, and to what.',
  fields: (t) => ({
    id: clientId(t),
    fileId: t.id({ required: true, description: 'The file, which must be ready.' }),
    entityId: entityIdInput(t, attachable),
  }),
});

async function attach(context: Context, input: typeof AttachmentCreateInput.$inferInput): Promise<Written> {
  const { entityId, ...own } = input;
  const { fileId } = rowData<{ fileId: string }>('Attachment', { fileId: own.fileId });
  const { status } = await liveRow(context, 'File', { id: fileId }, { status: true }).catch(atField('fileId'));
  demandState('File', { status }, { from: ['ready'], done: 'attached' }, 'fileId');
  return createRow(context, 'Attachment', own, await findEntity(context, entityId, attachable));
}

mutation({
  name: 'attachmentCreate',
  description:
    'Attaches a ready file to a record, once. Who sees the record sees the attachment and the file: what is attached to nothing but private conversations and personal records is for their people, and whoever uploaded it.',
  permission: 'files:write',
  input: AttachmentCreateInput,
  returns: 'Attachment',
  run: (input, context) => attach(context, input),
});

lifecycle('Attachment', { write: 'files:write', destroy: 'files:destroy' });
