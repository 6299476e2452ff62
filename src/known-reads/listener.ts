/**
 * The short way for reads that have been let through before.
 *
 * Most requests repeat: the same document, other variables. Yoga's way through a request (a Request, a Response, a dozen
 * hooks) costs several times what Postgres needs for a small read, so what Yoga has let through once is answered here when it
 * comes again. Whatever is no ordinary success (an unknown document, a refusal, an error, a request of another form) goes to
 * Yoga, which answers as if it had come there first.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Places } from '../plugins/use-admission.ts';
import { corsHeaders } from '../plugins/use-cors.ts';
import type { OnGone } from '../plugins/use-deadline.ts';
import { answerHeaders, isJson } from '../plugins/use-http-rules.ts';
import { noteAnswer } from '../plugins/use-logging.ts';
import { arrived } from '../plugins/use-request-id.ts';
import type { RequestState } from '../request.ts';
import type { RequestLog } from '../request-log.ts';
import type { answerKnownReads } from './answer.ts';
import type { KnownReads } from './memory.ts';

export interface KnownReadsOptions {
  readonly endpoint: string;
  readonly known: KnownReads;
  readonly answer: ReturnType<typeof answerKnownReads>;
  readonly places: Places;
  readonly corsOrigins: readonly string[];
  readonly trustProxy: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly requestLog: RequestLog;
  readonly isDraining: () => boolean;
}

/** Larger bodies are no repetitions. */
const maxBodyBytes = 65_536;

/** Reads that were tried here and not answered. */
const endings = new WeakMap<IncomingMessage, { readonly error?: unknown }>();

/**
 * Whether the read of a request has been tried on the short way, told once: then the resolvers are next.
 *
 * @throws the error of that read.
 */
export function triedBefore(request: IncomingMessage | undefined): boolean {
  const ending = request && endings.get(request);
  if (!request || !ending) return false;
  endings.delete(request);
  if (ending.error) throw ending.error;
  return true;
}

/** A connection that closes before it was answered. */
const byClose =
  (response: ServerResponse): OnGone =>
  (tell) => {
    response.once('close', tell);
    if (response.destroyed) tell();
    return () => response.removeListener('close', tell);
  };

/** The whole body; null when the client breaks off. */
const readBody = (request: IncomingMessage): Promise<string | null> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.once('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    request.once('close', () => resolve(null));
  });

/** A body that was read already, as Yoga's adapter takes it from frameworks that read bodies. */
const readAlready = (text: string) => ({
  text,
  async *[Symbol.asyncIterator]() {
    yield Buffer.from(text);
  },
});

/** Puts the short way in front of Yoga. */
export function withKnownReads(yoga: RequestListener, options: KnownReadsOptions): RequestListener {
  const { endpoint, known, answer, places, corsOrigins, trustProxy, isDraining } = options;
  const vary = corsOrigins.length > 0 ? `Origin, ${answerHeaders.vary}` : answerHeaders.vary;

  function isOrdinary({ method, url, headers }: IncomingMessage): boolean {
    const length = Number(headers['content-length'] ?? Number.NaN);
    return (
      method === 'POST' &&
      url === endpoint &&
      headers.authorization !== undefined &&
      headers['content-encoding'] === undefined &&
      isJson(headers['content-type']) &&
      length > 0 &&
      length <= maxBodyBytes &&
      known.contentType(headers.accept ?? '') !== undefined &&
      !places.full &&
      !isDraining()
    );
  }

  function send({ headers }: IncomingMessage, response: ServerResponse, text: string, state: RequestState): void {
    response.writeHead(200, {
      'content-type': known.contentType(headers.accept ?? ''),
      'content-length': Buffer.byteLength(text),
      'x-request-id': state.id,
      ...answerHeaders,
      vary,
      ...corsHeaders({ origins: corsOrigins }, headers.origin),
    });
    response.end(text);
    noteAnswer(state, 200, options);
    options.metrics.countKnown();
  }

  async function answered(request: IncomingMessage, body: string, response: ServerResponse): Promise<boolean> {
    const header = (name: string) => request.headers[name]?.toString();
    const state = arrived({ header, remoteAddress: request.socket.remoteAddress }, { trustProxy });
    places.take();
    const ending = await answer(body, request.headers, state, byClose(response)).finally(() => places.free());
    if ('text' in ending) send(request, response, ending.text, state);
    else if (ending.tried) endings.set(request, ending);
    return 'text' in ending;
  }

  return async (request, response) => {
    if (!isOrdinary(request)) return yoga(request, response);
    const body = await readBody(request);
    if (body === null || (await answered(request, body, response))) return;
    yoga(Object.assign(request, { body: readAlready(body) }), response);
  };
}
