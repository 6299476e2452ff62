/**
 * The server of a configuration and a database. The list of plugins in `createGateway` is the path of a request, in order.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createYoga, type Plugin } from 'graphql-yoga';
import { createTokenVerifier } from './auth/token.ts';
import { rememberTokens } from './auth/token-cache.ts';
import { compileNothing, createCompiler, type Refused } from './compiler/compile.ts';
import { createCompiledReads } from './compiler/run.ts';
import type { Config } from './config.ts';
import { createCredentials } from './credentials/credentials.ts';
import { createPrisma } from './db/client.ts';
import type { Database } from './db/database.ts';
import { createOrgReads } from './db/org-read.ts';
import { createOrgTransactions } from './db/org-transaction.ts';
import { offeredTokens } from './demo.ts';
import { createFiles } from './files/store.ts';
import { createCursors } from './graphql/sealed-cursors.ts';
import { answerKnownReads } from './known-reads/answer.ts';
import { withKnownReads } from './known-reads/listener.ts';
import { rememberReads } from './known-reads/memory.ts';
import { createLogger } from './log.ts';
import { createMetrics } from './metrics.ts';
import { documentCache } from './plugins/document-cache.ts';
import { publicPart } from './plugins/public-part.ts';
import { Places, useAdmission } from './plugins/use-admission.ts';
import { useAuth } from './plugins/use-auth.ts';
import { useCors } from './plugins/use-cors.ts';
import { useDeadline } from './plugins/use-deadline.ts';
import { useDrain } from './plugins/use-drain.ts';
import { useErrors } from './plugins/use-errors.ts';
import { useFiles } from './plugins/use-files.ts';
import { useGraphiql } from './plugins/use-graphiql.ts';
import { useHealth } from './plugins/use-health.ts';
import { useHttpRules } from './plugins/use-http-rules.ts';
import { useLimits } from './plugins/use-limits.ts';
import { useLogging } from './plugins/use-logging.ts';
import { useOrgTransaction } from './plugins/use-org-transaction.ts';
import { type ServerContext, useRequestId } from './plugins/use-request-id.ts';
import { useStripe } from './plugins/use-stripe.ts';
import { createRequestLog } from './request-log.ts';
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
  /** From now on `/ready` says no, and no connection is kept for a further request. */
  readonly drain: () => void;
  /** Gives up what the gateway made; the database is its owner's to close. */
  readonly close: () => Promise<void>;
}

/** Idle connections live beyond the proxies' usual 60 s, so that it is they who close one; slow requests do not. */
const connectionTimes = ({ requestMs }: Config['timeouts']) => ({
  keepAliveTimeout: 65_000,
  headersTimeout: 10_000,
  requestTimeout: Math.max(requestMs, 10_000) + 18_000,
});

/** Turns away what is no address at all: every plugin reads the address. */
const withAddress =
  (listener: RequestListener): RequestListener =>
  (request, response) => {
    if (URL.canParse(`http://${request.headers.host ?? 'gateway'}${request.url}`)) return listener(request, response);
    response.writeHead(400).end();
  };

/** Makes the gateway. */
export function createGateway(config: Config, database: Database, logger = createLogger(config.logLevel)): Gateway {
  const { pool, service, proofs } = database;
  const { production } = config;
  const events = { committed: 0, rolledBack: 0, retried: 0 };
  const logged = { written: 0, dropped: 0 };
  const metrics = createMetrics({ pool, transactions: events, requestLog: logged });
  const requestLog = createRequestLog({ pool: service, which: config.requestLog, events: logged, logger });
  const prisma = createPrisma(pool, config.database);
  let draining = false;
  const isDraining = () => draining;
  const onRead = (refused: Refused | null, { id }: { readonly id: string }) => {
    metrics.countRead(refused ? 'resolvers' : 'compiler');
    if (refused) logger.debug({ requestId: id, ...refused }, 'read by resolvers');
  };

  const cursors = createCursors(config.cursorSecret ?? randomBytes(32));
  const onEntered = createKeyUseNotes(service, logger);
  const answerRead = createCompiledReads({
    compile: config.compiledReads ? createCompiler(schema) : compileNothing,
    run: createOrgReads(pool, config, events, proofs),
    preparedStatements: config.database.preparedStatements,
    cursors,
    onRead,
    onEntered,
  });
  const verifyToken = rememberTokens(createTokenVerifier(config.auth));
  const onStoreFailure = (error: Error) => logger.warn({ err: error }, 'the store of the files failed');
  const files = createFiles(config.files, { onFailure: onStoreFailure });
  const places = new Places((pool.options.max ?? 1) + pool.maxWaiting);
  const known = rememberReads();
  const open = publicPart(schema, config.limits.tokens);

  const plugins: Plugin[] = [
    useRequestId({ trustProxy: config.trustProxy }) as Plugin,
    useDrain({ isDraining }),
    useLogging({ endpoint, logger, metrics, requestLog }) as Plugin,
    useErrors({ logger }),
    useHealth({ ping: () => pool.query('select 1'), isDraining, registry: metrics.registry }),
    useGraphiql({ enabled: config.graphiql, endpoint, people: () => offeredTokens(config, database) }),
    useCors({ origins: config.corsOrigins }),
    useFiles(files.local),
    useStripe({ ...config.stripe, pool: service, logger }),
    useHttpRules({ endpoint, maxBodyBytes: config.limits.bodyBytes }),
    useAdmission(places),
    useAuth({ verifyToken, publicPart: open, anonymousIntrospection: !production }),
    useLimits({ ...config.limits, production }) as Plugin,
    useOrgTransaction({
      run: createOrgTransactions(prisma, config, events, proofs),
      answerRead,
      signUp: createSignUp(service),
      onEntered,
      services: {
        embedder: createEmbedder(config.embedder),
        files,
        credentials: createCredentials(config.credentials),
        cursors,
        production,
        plans: config.selfServicePlans ? proofs : null,
      },
      logger,
      publicPart: open,
    }) as Plugin,
    useDeadline(config.timeouts),
    known.plugin as Plugin,
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
    cors: false,
    maskedErrors: false,
    maxRequestBodySize: false,
    parserAndValidationCache: { documentCache: documentCache(), errorCache: documentCache() },
    // Yoga answers its own health check before any plugin; ours stands in the list. No address ends like this.
    healthCheckEndpoint: ' ',
  });

  const { limits, corsOrigins, trustProxy } = config;
  const { requestMs } = config.timeouts;
  const answer = answerKnownReads({ known, schema, limits, requestMs, verifyToken, answerRead });
  const listener = withKnownReads(yoga, {
    endpoint,
    known,
    answer,
    places,
    corsOrigins,
    trustProxy,
    logger,
    metrics,
    requestLog,
    isDraining,
  });

  return {
    fetch: (request) => Promise.resolve(yoga.fetch(request)),
    http: () => createServer(connectionTimes(config.timeouts), withAddress(listener)),
    drain: () => {
      draining = true;
    },
    async close() {
      await requestLog.close();
      await prisma.$disconnect();
    },
  };
}
