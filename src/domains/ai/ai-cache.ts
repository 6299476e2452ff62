import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('AiCache', {
  permission: 'ai:read',
  filter: { columns: ['cacheKey', 'model', 'response', 'hitCount', 'expiresAt'] },
  orderBy: { columns: ['cacheKey', 'model', 'hitCount', 'expiresAt'] },
});

builder.prismaObject('AiCache', {
  description: 'An answer of a language model, kept for the next time.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    cacheKey: t.exposeString('cacheKey'),
    model: t.exposeString('model', { nullable: true }),
    response: t.expose('response', { type: 'JSON' }),
    hitCount: t.exposeInt('hitCount'),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  aiCache: byId(t, 'AiCache', 'One ai cache.'),
  aiCaches: list(t, 'AiCache', 'The ai caches of the organization.'),
}));

const details = (t: InputFields) => ({
  model: t.string(),
  response: t.field({ type: 'JSON' }),
  expiresAt: t.field({ type: 'DateTime' }),
});

const AiCacheCreateInput = builder.inputType('AiCacheCreateInput', {
  description: 'A new ai cache.',
  fields: (t) => ({ id: clientId(t), cacheKey: t.string({ required: true }), ...details(t) }),
});

const AiCacheUpdateInput = builder.inputType('AiCacheUpdateInput', {
  description: 'Changes to an ai cache. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), cacheKey: t.string(), ...details(t) }),
});

lifecycle('AiCache', {
  write: 'ai:write',
  destroy: 'ai:destroy',
  create: AiCacheCreateInput,
  update: AiCacheUpdateInput,
});
