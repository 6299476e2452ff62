/**
 * How many requests may be under way at once: as many as have a connection or a place in the queue for one. One more is
 * told to come back, before its body is read: under overload it is the refusals that must be cheap, or nobody is served.
 * A place is taken once the body is there, so that slow senders hold none.
 */
import type { Plugin } from 'graphql-yoga';
import { unavailable } from '../errors.ts';
import { requestState } from '../request.ts';

/** The places of a server. */
export class Places {
  readonly #all: number;
  #taken = 0;

  constructor(all: number) {
    this.#all = all;
  }

  get full(): boolean {
    return this.#taken >= this.#all;
  }

  take(): void {
    this.#taken++;
  }

  free(): void {
    this.#taken--;
  }
}

const busy = () => unavailable('The server is busy. Try again in a moment.');

/** The refusal of a request that nothing is known of yet. */
function refuse(request: Request): Response {
  const { id, codes } = requestState(request);
  const { message, extensions, code } = busy();
  codes.push(code);
  const errors = [{ message, extensions: { ...extensions, requestId: id } }];
  return Response.json({ errors }, { status: 503, headers: { 'retry-after': '1' } });
}

export function useAdmission(places: Places): Plugin {
  return {
    onRequest({ request, endResponse }) {
      if (places.full) endResponse(refuse(request));
    },
    onParams({ request }) {
      if (places.full) throw busy();
      requestState(request).admitted = true;
      places.take();
    },
    onResponse({ request }) {
      if (requestState(request).admitted) places.free();
    },
  };
}
