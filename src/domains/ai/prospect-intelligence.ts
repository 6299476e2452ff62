import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('ProspectIntelligence', {
  permission: 'ai:read',
  filter: { columns: ['prospectName', 'websiteUrl', 'profile', 'cachedAt', 'expiresAt'] },
  orderBy: { columns: ['prospectName', 'websiteUrl', 'cachedAt', 'expiresAt'] },
});

builder.prismaObject('ProspectIntelligence', {
  description: 'What was found out about somebody who might become a client; valid until it expires.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    prospectName: t.exposeString('prospectName'),
    websiteUrl: t.expose('websiteUrl', { type: 'URL', nullable: true }),
    profile: t.expose('profile', { type: 'JSON' }),
    cachedAt: t.expose('cachedAt', { type: 'DateTime', nullable: true }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  prospectIntelligence: byId(t, 'ProspectIntelligence', 'One prospect intelligence.'),
  prospectIntelligences: list(t, 'ProspectIntelligence', 'The prospect intelligences of the organization.'),
}));

const details = (t: InputFields) => ({
  websiteUrl: t.field({ type: 'URL' }),
  profile: t.field({ type: 'JSON' }),
  expiresAt: t.field({ type: 'DateTime' }),
});

const ProspectIntelligenceCreateInput = builder.inputType('ProspectIntelligenceCreateInput', {
  description: 'A new prospect intelligence.',
  fields: (t) => ({ id: clientId(t), prospectName: t.string({ required: true }), ...details(t) }),
});

const ProspectIntelligenceUpdateInput = builder.inputType('ProspectIntelligenceUpdateInput', {
  description: 'Changes to a prospect intelligence. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), prospectName: t.string(), ...details(t) }),
});

lifecycle('ProspectIntelligence', {
  write: 'ai:write',
  destroy: 'ai:destroy',
  create: ProspectIntelligenceCreateInput,
  update: ProspectIntelligenceUpdateInput,
});
