/** Prints the schema to schema.graphql; with `--check`, only says whether the file is fresh. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { projectRoot } from '../root.ts';
import { schema } from '../schema.ts';

const file = join(projectRoot, 'schema.graphql');
const text = `${printSchema(lexicographicSortSchema(schema))}\n`;
if (!process.argv.includes('--check')) writeFileSync(file, text);
else if (readFileSync(file, 'utf8') !== text) {
  process.stderr.write('schema.graphql is stale: run npm run generate.\n');
  process.exitCode = 1;
}
