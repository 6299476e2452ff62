import { expect } from 'vitest';
import { type Both, describeFault, faultOf } from './faults.ts';
import type { Operation } from './operation.ts';
import type { TwoServers } from './two-servers.ts';

/** Asks both as the owner; fails when they differ, or when a compiled statement does. */
export async function alike({ ask, callers }: TwoServers, operation: Operation): Promise<Both> {
  const both = await ask(callers.owner, operation);
  if (faultOf(both)) expect.fail(describeFault(callers.owner, operation, both));
  return both;
}

/** As `alike`; the answer is data, and compiled. */
export async function compiledAlike(two: TwoServers, operation: Operation): Promise<ReturnType<typeof JSON.parse>> {
  const { plain, refused } = await alike(two, operation);
  expect(refused).toBe(process.env.COMPILED_READS === 'off' ? 'compiled reads are switched off' : null);
  const { data, errors } = JSON.parse(plain.body);
  expect(errors).toBeUndefined();
  return data;
}
