/**
 * The load: a number of keep-alive connections, each sending its next request as soon as the last answer is whole. It
 * writes prepared bytes and reads only as much of HTTP/1.1 as it needs, because it shares the processors with the server
 * that it measures: a general client would take a larger part of them.
 */
import { connect } from 'node:net';
import { type Requests, toBytes } from './requests.ts';

/** Requests per second, and the 50th and 99th percentile of the latency in milliseconds. */
export interface Load {
  readonly rps: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Sending {
  readonly port: number;
  readonly connections: number;
  readonly requests: Requests;
}

/**
 * Sends requests for a number of seconds and measures the answers that come within them.
 *
 * @throws Error when an answer is not 200, holds GraphQL errors, or a connection breaks.
 */
export async function runLoad(sending: Sending, seconds: number): Promise<Load> {
  const latencies: number[] = [];
  await sendFor(sending, seconds, (latency) => latencies.push(latency));
  latencies.sort((a, b) => a - b);
  return { rps: latencies.length / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}

/** Sends requests for a number of seconds and tells the latency, in milliseconds, of each answer that comes within them. */
export async function sendFor(sending: Sending, seconds: number, answered: (latency: number) => void): Promise<void> {
  const end = performance.now() + seconds * 1000;
  await send(
    sending,
    () => performance.now() < end,
    (latency) => {
      if (performance.now() <= end) answered(latency);
    },
  );
}

/** Sends the first requests of a row once, so many of them. */
export const sendFirst = (sending: Sending, count: number): Promise<void> =>
  send(
    sending,
    (n) => n < count,
    () => {},
  );

async function send(
  { port, connections, requests }: Sending,
  goesOn: (n: number) => boolean,
  answered: (latency: number) => void,
): Promise<void> {
  let sent = 0;
  const next = () => (goesOn(sent) ? toBytes(requests(sent++)) : undefined);
  await Promise.all(Array.from({ length: connections }, () => drive(port, next, answered)));
}

/** Nearest-rank percentile of sorted numbers; not a number when there are none. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;

/** Uses one connection until `next` has no request left. */
function drive(port: number, next: () => Buffer | undefined, answered: (latency: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let received: Buffer = Buffer.alloc(0);
    let start = 0;
    const send = () => {
      const request = next();
      if (!request) return resolve(void socket.end());
      start = performance.now();
      socket.write(request);
    };
    socket.on('connect', send).on('error', reject);
    socket.on('close', () => reject(new Error('The server closed a connection.')));
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      if (!isWhole(received)) return;
      answered(performance.now() - start);
      if (!isGood(received)) return reject(new Error(`The server answered: ${received.toString('utf8', 0, 1000)}`));
      received = Buffer.alloc(0);
      send();
    });
  });
}

/** Tells whether an HTTP/1.1 response is complete (RFC 9112, section 6.3): by its length, or by its last chunk. */
export function isWhole(response: Buffer): boolean {
  const headEnd = response.indexOf('\r\n\r\n');
  if (headEnd < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(response.toString('latin1', 0, headEnd))?.[1];
  if (length !== undefined) return response.length >= headEnd + 4 + Number(length);
  // Raw line breaks stand in no JSON string, so these bytes are the last chunk.
  return response.length > headEnd + 4 && response.toString('latin1', response.length - 7) === '\r\n0\r\n\r\n';
}

/** A mutation that was refused says so in a list of its own. */
const isGood = (response: Buffer): boolean =>
  response.toString('latin1', 9, 12) === '200' &&
  !response.includes('"errors"') &&
  !response.includes('"userErrors":[{');
