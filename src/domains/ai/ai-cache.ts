import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import type { DerivedFilter } from '../../graphql/filter.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const isExpired: DerivedFilter = {
  description: 'Whether it is no longer given out.',
  filter: () => ({ expiresAt: { isNull: false, lte: new Date() } }),
};

readable('AiCache', {
  permission: 'ai:read',
  filter: { columns: ['cacheKey', 'model', 'response', 'hitCount', 'expiresAt'], derived: { isExpired } },
  orderBy: { columns: ['cacheKey', 'model', 'hitCount', 'expiresAt'] },
});

const isExpiredSql: DerivedJson = (column) => `coalesce(to_json(${column('expiresAt')} <= now()), 'false')`;

builder.prismaObject('AiCache', {
  description: 'An answer of a language model, kept for the next time the same is asked.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    cacheKey: t.exposeString('cacheKey'),
    model: t.exposeString('model', { nullable: true }),
    response: t.expose('response', { type: 'JSON' }),
    hitCount: t.exposeInt('hitCount'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
    isExpired: t.boolean({
      description: 'Whether it is no longer given out.',
      select: { expiresAt: true },
      extensions: { derived: isExpiredSql },
      resolve: ({ expiresAt }) => expiresAt !== null && expiresAt <= new Date(),
    }),
  }),
});

builder.queryFields((t) => ({
  aiCache: byId(t, 'AiCache', 'One kept answer, without counting it as found. `aiCacheGet` finds one by its key.'),
  aiCaches: list(t, 'AiCache', 'The kept answers of language models, expired ones among them.'),
}));

lifecycle('AiCache', { write: 'ai:write', destroy: 'ai:destroy' });
