/**
 * Makes new keys for the seals of transactions and for the proofs of the server (`npm run keys:renew`). What is sealed with
 * the keys before is still believed, so servers go on; after a second renewal it no longer is.
 */
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { serviceTransaction } from '../db/service.ts';

async function renew(): Promise<number> {
  const database = await openDatabase(readConfig());
  try {
    const { rows } = await serviceTransaction(database.service, (client) =>
      client.query<{ generation: number }>('select app.renew_mac_keys() as generation'),
    );
    return rows[0]?.generation ?? 0;
  } finally {
    await database.close();
  }
}

try {
  process.stdout.write(`The keys are renewed: this is generation ${await renew()}.\n`);
} catch (error) {
  process.stderr.write(`Nothing was changed. ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
