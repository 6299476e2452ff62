/**
 * Documents with made-up embeddings, by the thousand, for tests and measurements of the vector search. Embeddings lie as
 * those of texts do: in topics, and topics in topics. Each is the sum of one vector of each level of a pool, and the levels
 * weigh less and less. Near-duplicates of one embedding differ in the last two levels alone.
 */
type Run = (sql: string) => Promise<unknown>;

const weights = [1, 0.7, 0.5, 0.35, 0.25, 0.06, 0.04];
const topics = 40;
const perLevel = '(select max(n) from vector_pool)';

/** The model that made-up embeddings are of. */
export const madeUpModel = 'made-up';

const makePool = (size: number) => `
  select setseed(0.42);
  create table vector_pool as
    select level, n, l2_normalize(array_agg(value order by place)::vector) * array_fill(('{${weights.join()}}'::real[])[level], '{768}')::vector as part
    from (select level, n, place, sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as value
      from generate_series(1, ${weights.length}) level, generate_series(1, ${size}) n, generate_series(1, 768) place) normal
    group by level, n;
  create unique index on vector_pool (level, n);`;

const part = (level: number, n: string) =>
  `join vector_pool p${level} on p${level}.level = ${level} and p${level}.n = ${n}`;
const anyOf = (level: number, count: number | string) => `1 + floor(random() * ${count})::integer as n${level}`;

const spread = (count: number) => `
  select p1.part + p2.part + p3.part + p4.part + p5.part as embedding
    from (select ${[topics, perLevel, perLevel, perLevel, perLevel].map((size, index) => anyOf(index + 1, size)).join(', ')} from generate_series(1, ${count})) as made
    ${[1, 2, 3, 4, 5].map((level) => part(level, `n${level}`)).join(' ')}`;

const crowded = (count: number) => `
  select p1.part + p2.part + p3.part + p4.part + p5.part + p6.part + p7.part as embedding
    from (select ${anyOf(6, perLevel)}, ${anyOf(7, perLevel)} from generate_series(1, ${count})) as made
    ${[1, 2, 3, 4, 5].map((level) => part(level, '1')).join(' ')} ${part(6, 'n6')} ${part(7, 'n7')}`;

export interface MadeUp {
  readonly orgId: string;
  readonly count: number;
  /** All over the place, or all of them near-duplicates of one embedding. */
  readonly lie: 'spread' | 'crowded';
}

const fill = ({ orgId, count, lie }: MadeUp) => `
  insert into documents (org_id, title, body, embedding, embedding_model, embedded_at)
    select '${orgId}', 'Document ' || row_number() over (), '', embedding, '${madeUpModel}', now()
    from (${lie === 'spread' ? spread(count) : crowded(count)} order by random()) as made;`;

/** Makes the pool that embeddings are made of, with so many parts on each level. Needs a superuser, as all of this does. */
export const makeVectorPool = (run: Run, size: number): Promise<unknown> => run(makePool(size));

/** Makes documents; the index is made anew, for that is faster than a thousand insertions. Triggers stay out of it. */
export const makeDocuments = (run: Run, documents: readonly MadeUp[]): Promise<unknown> =>
  run(`begin; set local session_replication_role = replica; set local maintenance_work_mem = '512MB';
    drop index documents_embedding; ${documents.map(fill).join('')}
    create index documents_embedding on documents using hnsw (embedding vector_cosine_ops); commit; analyze documents;`);

/** Embeddings that are close to some of an organization's documents, and equal to none; the result column is `vector`. */
export const queriesNear = (orgId: string, count: number): string => `
  select (embedding + part)::text as vector from (select id, embedding from documents where org_id = '${orgId}' order by id limit ${count}) as near
    join lateral (select part from vector_pool where level = 5 order by md5(near.id::text || n) limit 1) as nudge on true`;

/** The documents of an organization that are nearest to a vector ($1), all of them compared; columns `id` and `score`. */
export const nearestOf = (orgId: string, k: number): string => `
  with compared as materialized (select id, 1 - (embedding <=> $1::vector) as score from documents where org_id = '${orgId}' and embedding_model = '${madeUpModel}')
  select id::text, score from compared order by score desc, id limit ${k}`;
