/**
 * The last resort against waiting: an operation that takes longer than a request may take is answered with TIMEOUT, whatever
 * it waits for. The database's own time-outs come first, so this is for a network that swallows what it is given. Nobody
 * waits for the work any more then, nor when the client is gone: what it has running in the database is cancelled.
 */
import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { timedOut } from '../errors.ts';
import { requestState } from '../request.ts';
import type { Wanted } from '../wanted.ts';

export interface DeadlineOptions {
  readonly requestMs: number;
}

const late = () => timedOut('The request took too long. If it writes, look whether it was saved before you repeat it.');

/** Told when the client goes away; gives what takes that back. */
export type OnGone = (tell: () => void) => () => void;

/**
 * Waits for work, but not for longer, and only as long as somebody waits for its answer.
 *
 * @throws GatewayError TIMEOUT when the time is over.
 */
export async function withinMs<T>(ms: number, request: Wanted, onGone: OnGone, work: Promise<T>): Promise<T> {
  const giveUp = () => request.giveUp();
  const stay = onGone(giveUp);
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
      giveUp();
    }, ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
    stay();
  }
}

/** By the signal of a request. */
const bySignal =
  ({ signal }: Request): OnGone =>
  (tell) => {
    signal.addEventListener('abort', tell, { once: true });
    if (signal.aborted) tell();
    return () => signal.removeEventListener('abort', tell);
  };

export function useDeadline({ requestMs }: DeadlineOptions): Plugin {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const { request } = args.contextValue;
      setExecuteFn((final: ExecutionArgs) =>
        withinMs(requestMs, requestState(request).wanted, bySignal(request), Promise.resolve(executeFn(final))),
      );
    },
  };
}
