/** Workers, in the words of a test. */
import type { Answer, Client, Data } from '../../support/gateway.ts';

const document = `mutation ($input: JobClaimInput!) {
  jobClaim(input: $input) { jobs { id status attempt lockedBy lockedUntil } userErrors { code message path } }
}`;

/** Asks for jobs; gives the whole answer. */
export const askForJobs = (client: Client, input: object): Promise<Answer> => client.run(document, { input });

/** Claims jobs as a worker; fails the test if that is refused. */
export async function claim(
  client: Client,
  workerId: string,
  types: readonly string[],
  more: object = {},
): Promise<Data> {
  const { jobClaim } = await client.ok(document, { input: { workerId, types, ...more } });
  return jobClaim.jobs;
}
