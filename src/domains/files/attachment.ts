import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Attachment', {
  permission: 'files:read',
  filter: { columns: ['fileId', 'entityType', 'entityId'], relations: ['file'] },
  orderBy: { columns: ['entityType'], relations: ['file'] },
});

builder.prismaObject('Attachment', {
  description: 'A file attached to a record of any kind.',
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
  attachments: list(t, 'Attachment', 'The attachments of the organization.'),
}));

const AttachmentCreateInput = builder.inputType('AttachmentCreateInput', {
  description: 'A new attachment.',
  fields: (t) => ({ id: clientId(t), fileId: t.id({ required: true }) }),
});

const AttachmentUpdateInput = builder.inputType('AttachmentUpdateInput', {
  description: 'Changes to an attachment. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t) }),
});

lifecycle('Attachment', {
  write: 'files:write',
  destroy: 'files:destroy',
  create: AttachmentCreateInput,
  update: AttachmentUpdateInput,
});
