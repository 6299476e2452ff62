/** Migrates the configured database (`npm run db:migrate`), and loads the demo data into it (`npm run db:seed`). */
import { readConfig, readEnvironment } from '../config.ts';
import { openDatabase } from '../db/database.ts';
import { seedDemo } from '../demo.ts';

const environment = { ...readEnvironment(), MIGRATE_ON_START: 'on' };
const config = readConfig(environment);
const database = await openDatabase(config);
if (process.argv[2] === 'seed') await seedDemo(database, config);
await database.close();
process.stdout.write(process.argv[2] === 'seed' ? 'The demo data is loaded.\n' : 'The database is up to date.\n');
