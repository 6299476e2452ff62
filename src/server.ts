/**
 * The server of a configuration and a database. The list of plugins in `createGateway` is the path of a request, in order.
 */
import { createServer, type Server } from 'node:http';
import { createYoga, type Plugin } from 'graphql-yoga';
import { createTokenVerifier } from './auth/token.ts';
import type { Config } from './config.ts';
import { createPrisma } from './db/client.ts';
import type { Database } from './db/database.ts';
import { createOrgTransactions } from './db/org-transaction.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { useAuth } from './plugins/use-auth.ts';
import { maskError } from './plugins/use-errors.ts';
import { useHealth } from './plugins/use-health.ts';
import { useHttpRules } from './plugins/use-http-rules.ts';
import { useLimits } from './plugins/use-limits.ts';
import { useLogging } from './plugins/use-logging.ts';
import { useOrgTransaction } from './plugins/use-org-transaction.ts';
import { type ServerContext, useRequestId } from './plugins/use-request-id.ts';
import { schema } from './schema.ts';
import { createEmbedder } from './search/embedder.ts';
import { createKeyUseNotes, createSignUp } from './sign-up.ts';

/** The address of the API. */
export const endpoint = '/graphql';

export interface Gateway {
  /** Answers a request without a socket. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** An HTTP server, not listening yet. */
  readonly http: () => Server;
  /** From now on `/ready` says no. */
  readonly drain: () => void;
  /** Gives up what the gateway made; the database is its owner's to close. */
  readonly close: () => Promise<void>;
}

/** Makes the gateway. */
export function createGateway(config: Config, database: Database): Gateway {
  const { pool } = database;
  const { production } = config;
  const logger = createLogger(config.logLevel);
  const events = { committed: 0, rolledBack: 0, retried: 0 };
  const metrics = createMetrics(pool, events);
  const prisma = createPrisma(pool, config.database);
  let draining = false;

  const plugins: Plugin[] = [
    useRequestId({ trustProxy: config.trustProxy }) as Plugin,
    useLogging({ endpoint, logger, metrics }),
    useHealth({ ping: () => pool.query('select 1'), isDraining: () => draining, registry: metrics.registry }),
    useHttpRules({ endpoint, maxBodyBytes: config.limits.bodyBytes }),
    useAuth({ verifyToken: createTokenVerifier(config.auth), anonymousIntrospection: !production, production }),
    useLimits(config.limits, production) as Plugin,
    useOrgTransaction({
      run: createOrgTransactions(prisma, config, events),
      signUp: createSignUp(pool),
      onEntered: createKeyUseNotes(pool, logger),
      embedder: createEmbedder(config.embedder),
      logger,
      production,
    }) as Plugin,
  ];

  const yoga = createYoga<ServerContext>({
    schema,
    plugins,
    graphqlEndpoint: endpoint,
    graphiql: false,
    landingPage: false,
    batching: false,
    multipart: false,
    logging: false,
    healthCheckEndpoint: '/live',
    cors: config.corsOrigins.length > 0 ? { origin: [...config.corsOrigins], credentials: false } : false,
    maskedErrors: { maskError: maskError(logger, production) },
  });

  return {
    fetch: (request) => Promise.resolve(yoga.fetch(request)),
    http: () => createServer({ keepAliveTimeout: 65_000, headersTimeout: 66_000, requestTimeout: config.timeouts.requestMs + 18_000 }, yoga),
    drain: () => {
      draining = true;
    },
    close: () => prisma.$disconnect(),
  };
}
