/** Answers by key: found and counted, stored, or both in one step that two callers at the same moment may take. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { requireFeature } from '../../graphql/features.ts';
import { type InputFields, mutation, type Outcome } from '../../graphql/mutation.ts';
import { rowData, type Written } from '../../graphql/rows.ts';

const AiCacheGetInput = builder.inputType('AiCacheGetInput', {
  description: 'Which answer is looked for.',
  fields: (t) => ({ cacheKey: t.string({ required: true, description: 'The key that it was stored by.' }) }),
});

const entry = (t: InputFields) => ({
  cacheKey: t.string({ required: true, description: 'The key that it is found by.' }),
  model: t.string({ description: 'The language model that gave the answer.' }),
  response: t.field({ type: 'JSON', required: true, description: 'The answer.' }),
  expiresAt: t.field({ type: 'DateTime', description: 'When it is no longer given out; never unless given.' }),
});

const AiCachePutInput = builder.inputType('AiCachePutInput', { description: 'An answer to keep.', fields: entry });

const AiCacheGetOrPutInput = builder.inputType('AiCacheGetOrPutInput', {
  description: 'An answer to keep, unless there is one already.',
  fields: entry,
});

type Entry = typeof AiCachePutInput.$inferInput;

/** Finds a live answer and counts it. */
async function find(context: Context, cacheKey: string): Promise<Written | undefined> {
  const [row] = await context.db.$queryRaw<Written[]>`
    update ai_cache set hit_count = hit_count + 1
      where cache_key = ${cacheKey} and (expires_at is null or expires_at > now()) returning id`;
  return row;
}

/** Stores an answer in place of the one that has the key, or only in place of an expired one. */
async function store(context: Context, input: Entry, onlyExpired: boolean): Promise<Written | undefined> {
  const { cacheKey, model, response, expiresAt } = rowData<Entry>('AiCache', { ...input });
  const [row] = await context.db.$queryRaw<Written[]>`
    insert into ai_cache as old (cache_key, model, response, expires_at)
      values (${cacheKey}, ${model ?? null}, ${JSON.stringify(response)}::jsonb, ${expiresAt ?? null})
      on conflict on constraint ai_cache_cache_key_key do update
        set model = excluded.model, response = excluded.response, expires_at = excluded.expires_at, hit_count = 0
        where not ${onlyExpired} or old.expires_at <= now() returning id`;
  return row;
}

async function get(context: Context, { cacheKey }: typeof AiCacheGetInput.$inferInput): Promise<Outcome> {
  await requireFeature(context, 'ai_cache');
  rowData('AiCache', { cacheKey });
  return { id: (await find(context, cacheKey))?.id ?? null };
}

async function put(context: Context, input: Entry): Promise<Outcome> {
  await requireFeature(context, 'ai_cache');
  return { id: (await store(context, input, false))?.id ?? null };
}

/** Whoever stores second waits for the first, stores nothing, and then finds what the first has stored. */
async function getOrPut(context: Context, input: Entry): Promise<Outcome> {
  await requireFeature(context, 'ai_cache');
  rowData('AiCache', { ...input });
  const found = await find(context, input.cacheKey);
  if (found) return { ...found, extra: { isHit: true } };
  const stored = await store(context, input, true);
  if (stored) return { ...stored, extra: { isHit: false } };
  return { id: (await find(context, input.cacheKey))?.id ?? null, extra: { isHit: true } };
}

const common = { permission: 'ai:write', returns: 'AiCache' } as const;

mutation({
  ...common,
  name: 'aiCacheGet',
  description:
    'Finds a kept answer by its key and counts that it was found. `aiCache` is null when there is none, or it has expired.',
  input: AiCacheGetInput,
  run: (input, context) => get(context, input),
});

mutation({
  ...common,
  name: 'aiCachePut',
  description: 'Keeps an answer, in place of the one with the same key. Its hits are counted anew.',
  input: AiCachePutInput,
  run: (input, context) => put(context, input),
});

mutation({
  ...common,
  name: 'aiCacheGetOrPut',
  description:
    'Finds a kept answer by its key and counts that it was found; keeps the given one when there is none, or it has expired. Of several callers at the same moment one keeps its answer, and all get that one.',
  input: AiCacheGetOrPutInput,
  payload: (t) => ({
    isHit: t.boolean({
      description: 'Whether there was an answer already; false when the given one was kept.',
      resolve: ({ extra }) => extra.isHit === true,
    }),
  }),
  run: (input, context) => getOrPut(context, input),
});
