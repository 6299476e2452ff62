import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

function findRoot(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : findRoot(dirname(folder));
}

/** The project's folder, whether the source or the build is running. */
export const projectRoot = findRoot(dirname(fileURLToPath(import.meta.url)));
