/**
 * The last resort against waiting: an operation that takes longer than a request may take is answered with TIMEOUT, whatever
 * it waits for. The database's own time-outs come first, so this is for a network that swallows what it is given. The work
 * is not stopped, only no longer waited for: its transaction ends by itself.
 */
import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { timedOut } from '../errors.ts';

export interface DeadlineOptions {
  readonly requestMs: number;
}

const late = () => timedOut('The request took too long. If it writes, look whether it was saved before you repeat it.');

/**
 * Waits for work, but not for longer.
 *
 * @throws GatewayError TIMEOUT when the time is over; the work goes on.
 */
export async function withinMs<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

export function useDeadline({ requestMs }: DeadlineOptions): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => withinMs(requestMs, Promise.resolve(executeFn(args))));
    },
  };
}
