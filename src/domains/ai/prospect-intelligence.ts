import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const isFresh: DerivedFilter = {
  description: 'Whether it has not expired yet.',
  filter: () => ({ not: { expiresAt: { isNull: false, lte: new Date() } } }),
};

readable('ProspectIntelligence', {
  permission: 'ai:read',
  filter: { columns: ['prospectName', 'websiteUrl', 'profile', 'cachedAt', 'expiresAt'], derived: { isFresh } },
  orderBy: { columns: ['prospectName', 'websiteUrl', 'cachedAt', 'expiresAt'] },
});

const isFreshSql: DerivedJson = (column) => `coalesce(to_json(${column('expiresAt')} > now()), 'true')`;

builder.prismaObject('ProspectIntelligence', {
  description: 'What was found out about somebody who might become a client; to be used until it expires.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    prospectName: t.exposeString('prospectName'),
    websiteUrl: t.expose('websiteUrl', { type: 'URL', nullable: true }),
    profile: t.expose('profile', { type: 'JSON' }),
    cachedAt: t.expose('cachedAt', { type: 'DateTime' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    isFresh: t.boolean({
      description: 'Whether it has not expired yet.',
      select: { expiresAt: true },
      extensions: { derived: isFreshSql },
      resolve: ({ expiresAt }) => expiresAt === null || expiresAt > new Date(),
    }),
  }),
});

builder.queryFields((t) => ({
  prospectIntelligence: byId(t, 'ProspectIntelligence', 'What was found out about one prospect.'),
  prospectIntelligences: list(t, 'ProspectIntelligence', 'What was found out about prospects, expired or not.'),
}));

const ProspectIntelligenceUpdateInput = builder.inputType('ProspectIntelligenceUpdateInput', {
  description:
    'Corrections of what was found out. Fields left out stay; null clears. New research comes with `prospectIntelligenceUpsert`.',
  fields: (t) => ({
    ...target(t),
    prospectName: t.string(),
    websiteUrl: t.field({ type: 'URL' }),
    profile: t.field({ type: 'JSON' }),
    expiresAt: t.field({ type: 'DateTime' }),
  }),
});

lifecycle('ProspectIntelligence', {
  write: 'ai:write',
  destroy: 'ai:destroy',
  update: ProspectIntelligenceUpdateInput,
});
