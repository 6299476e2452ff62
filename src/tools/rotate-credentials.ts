/** Encrypts all secrets with a new key (`npm run credentials:rotate`): CREDENTIALS_KEY, instead of CREDENTIALS_KEY_PREVIOUS. */
import { readConfig } from '../config.ts';
import { createCredentials } from '../credentials/credentials.ts';
import { rotateCredentials } from '../credentials/rotate.ts';
import { openDatabase } from '../db/database.ts';

async function rotate(): Promise<string> {
  const config = readConfig();
  const database = await openDatabase(config);
  try {
    const { rotated, unknown } = await rotateCredentials(database.service, createCredentials(config.credentials));
    const { integration_credentials: credentials, webhook_endpoints: endpoints } = rotated;
    const done = `Encrypted anew: ${credentials} credentials and ${endpoints} secrets of webhooks.`;
    return unknown === 0 ? done : `${done}\nLeft as they are: ${unknown}, under a key that is neither of the two.`;
  } finally {
    await database.close();
  }
}

try {
  process.stdout.write(`${await rotate()}\n`);
} catch (error) {
  process.stderr.write(`Nothing was changed. ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
