/** Removes uploads that were announced more than a day ago and never came (`npm run files:clean`). */
import { readConfig } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { removeStaleUploads } from '../files/clean.ts';
import { createFiles } from '../files/store.ts';

const config = readConfig();
const { store } = createFiles(config.files);
if (!store) {
  process.stderr.write('There is no store: set FILES_SECRET and PUBLIC_URL, or S3_BUCKET.\n');
  process.exit(1);
}
const database = await openDatabase(config);
const removed = await removeStaleUploads(database.service, store);
await database.close();
process.stdout.write(`Removed ${removed} uploads that never came.\n`);
