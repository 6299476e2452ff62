import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('IntegrationCredential', {
  permission: 'integrations:read',
  filter: { columns: ['provider', 'label', 'lastUsedAt'] },
  orderBy: { columns: ['provider', 'label', 'lastUsedAt'] },
});

builder.prismaObject('IntegrationCredential', {
  description: 'A secret for another service. It can be set, and never be read.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    provider: t.exposeString('provider'),
    label: t.exposeString('label', { nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  integrationCredential: byId(t, 'IntegrationCredential', 'One integration credential.'),
  integrationCredentials: list(t, 'IntegrationCredential', 'The integration credentials of the organization.'),
}));

const details = (t: InputFields) => ({
  label: t.string(),
});

const IntegrationCredentialCreateInput = builder.inputType('IntegrationCredentialCreateInput', {
  description: 'A new integration credential.',
  fields: (t) => ({ id: clientId(t), provider: t.string({ required: true }), ...details(t) }),
});

const IntegrationCredentialUpdateInput = builder.inputType('IntegrationCredentialUpdateInput', {
  description: 'Changes to an integration credential. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), provider: t.string(), ...details(t) }),
});

lifecycle('IntegrationCredential', {
  write: 'integrations:write',
  destroy: 'integrations:write',
  create: IntegrationCredentialCreateInput,
  update: IntegrationCredentialUpdateInput,
});
