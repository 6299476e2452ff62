/**
 * What Stripe tells, at `POST /webhooks/stripe`: signed, of a bounded size, and noted as the server's own work. An answer
 * other than 2xx makes Stripe tell it again later.
 */
import type { Plugin } from 'graphql-yoga';
import { paidForBy } from '../billing/stripe-event.ts';
import { isSigned } from '../billing/stripe-signature.ts';
import type { GuardedPool } from '../db/pool.ts';
import { serviceTransaction } from '../db/service.ts';
import type { Logger } from '../log.ts';
import { discard } from './use-http-rules.ts';

const path = '/webhooks/stripe';
const maxBytes = 262_144;

export interface StripeOptions {
  /** The signing secret of the endpoint; without one there is no such address. */
  readonly webhookSecret: string | undefined;
  /** The pool of the server's own work. */
  readonly pool: GuardedPool;
  readonly logger: Logger;
}

const say = (status: number, text: string): Response =>
  new Response(`${text}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8' } });

/** The body as it was signed; null when it is too large. */
async function bodyOf({ body }: Request): Promise<string | null> {
  const parts: Uint8Array[] = [];
  const reader = body?.getReader();
  let size = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (reader && size > maxBytes) {
      discard(reader).catch(() => {});
      return null;
    }
    parts.push(part.value);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Notes what an event says; whatever is about nothing that we know is taken, and done with. */
async function note(event: unknown, { pool, logger }: StripeOptions): Promise<void> {
  const said = paidForBy(event);
  if (!said) return;
  const { orgId, plan, status, seats, periodEnd, customer, subscription, at } = said;
  const values = [orgId, plan, status, seats, periodEnd, customer, subscription, at];
  const { rows } = await serviceTransaction(pool, (client) =>
    client.query<{ noted: boolean }>(
      'select app.apply_subscription($1::uuid, $2, $3, $4::integer, $5::timestamptz, $6, $7, $8::timestamptz) as noted',
      values,
    ),
  );
  if (!rows[0]?.noted) logger.info('an event of the payment provider changed nothing');
}

async function take(request: Request, secret: string, options: StripeOptions): Promise<Response> {
  if (request.method !== 'POST') return say(405, 'POST.');
  const body = await bodyOf(request);
  if (body === null) return say(413, `The body is larger than ${maxBytes} bytes.`);
  if (!isSigned(body, request.headers.get('stripe-signature') ?? '', secret))
    return say(400, 'The signature is missing, wrong or too old.');
  try {
    await note(parsed(body), options);
    return say(200, 'noted');
  } catch (error) {
    options.logger.warn({ err: error }, 'an event of the payment provider was not noted');
    return say(503, 'Not noted. Send it again.');
  }
}

export function useStripe(options: StripeOptions): Plugin {
  const { webhookSecret } = options;
  if (!webhookSecret) return {};
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname === path) endResponse(await take(request, webhookSecret, options));
    },
  };
}
