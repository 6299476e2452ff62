/**
 * PostGraphile 5 on the same tables, as the same role, set up for production: the Amber preset and the filter plugin,
 * no GraphiQL, no watch, no explain, prepared statements (its default), the answer written as text.
 * It is plain JavaScript because its types live outside the product's dependencies.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { postgraphile } from 'postgraphile';
import { makePgService } from 'postgraphile/adaptors/pg';
import { grafserv } from 'postgraphile/grafserv/node';
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber';
import { jsonPgSmartTags } from 'postgraphile/utils';
import { PostGraphileConnectionFilterPreset } from 'postgraphile-plugin-connection-filter';
import { callerFrom } from './caller.ts';

const { DATABASE_URL, DATABASE_POOL_SIZE, PORT, JWT_SECRET, BENCH_ORGS } = process.env;
const caller = callerFrom(JWT_SECRET, JSON.parse(readFileSync(BENCH_ORGS, 'utf8')));

/** A caller who is not known gets no settings, and row security then shows nothing. */
function context({ node }) {
  const known = caller(node.req.headers);
  return {
    pgSettings: {
      role: 'gateway',
      'app.org_id': known?.orgId,
      'app.user_id': known?.userId,
      'app.role': known && 'owner',
    },
  };
}

const instance = postgraphile({
  extends: [PostGraphileAmberPreset, PostGraphileConnectionFilterPreset],
  // Without an index on a column this one refuses to filter by it; the filtered page asks for such a column.
  disablePlugins: ['PgIndexBehaviorsPlugin'],
  // A type named Subscription would stand in the way of GraphQL's own.
  plugins: [
    jsonPgSmartTags({ version: 1, config: { class: { subscriptions: { tags: { name: 'org_subscriptions' } } } } }),
  ],
  pgServices: [
    makePgService({
      connectionString: DATABASE_URL,
      schemas: ['public'],
      poolConfig: { max: Number(DATABASE_POOL_SIZE) },
      // The login role sees no table by itself.
      pgSettingsForIntrospection: { role: 'gateway' },
    }),
  ],
  grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false, outputDataAsString: true },
  grafast: { explain: false, context },
});

await instance.getSchema();
const server = createServer();
await instance.createServ(grafserv).addTo(server, false);
server.listen(Number(PORT), '127.0.0.1');
