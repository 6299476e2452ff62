/** What ever new documents leave in the memory of a connection, and of this process. */
import { expect, inject, test as it } from 'vitest';
import { startGateway } from '../support/gateway.ts';

const documents = 400;
const fields = ['id', 'name', 'kind', 'website', 'industry', 'createdAt', 'updatedAt', 'version', 'email', 'phone'];

/** Documents of three levels that all differ. */
const documentOf = (n: number): string => {
  const some = (seed: number) => fields.filter((_, i) => (seed >> i) & 1).join(' ') || 'id';
  const contact = (seed: number) =>
    ['id', 'fullName', 'email', 'title'].filter((_, i) => (seed >> i) & 1).join(' ') || 'id';
  return `{ accounts(first: 2) { nodes { ${some(n + 1)} contacts(first: 2) { nodes { ${contact(n)} deals(first: 2) { nodes { id title } } interactions(first: 2) { nodes { id subject } } } } } } }`;
};

it('is bounded, whatever is asked', async () => {
  const gateway = await startGateway({ DATABASE_POOL_SIZE: '1' });
  try {
    const org = await gateway.organization('acme');
    await org.member.ok(documentOf(0));
    await org.member.ok(documentOf(documents - 1));
    await gateway.sql('grant select on pg_backend_memory_contexts to public');
    await gateway.sql('grant execute on function pg_get_backend_memory_contexts() to public');
    for (let n = 0; n < documents; n++) for (let again = 0; again < 4; again++) await org.member.run(documentOf(n));
    const one = async (text: string) => (await gateway.database.pool.query(text)).rows[0];
    const held = await one(
      'select count(*)::int as n, sum(length(statement))::int as bytes from pg_prepared_statements',
    );
    const memory =
      inject('template').kind === 'server'
        ? await one('select sum(total_bytes)::bigint::text as bytes from pg_backend_memory_contexts')
        : { bytes: '0' };
    if (process.env.PRINT_MEMORY)
      process.stdout.write(`${held.n} statements, ${held.bytes} characters, ${Number(memory.bytes) / 1e6} MB\n`);
    expect(held.n).toBeLessThanOrEqual(610);
    expect(held.bytes).toBeLessThanOrEqual(262_144 + 16_384);
    expect(Number(memory.bytes)).toBeLessThan(40_000_000);
  } finally {
    await gateway.close();
  }
}, 180_000);
