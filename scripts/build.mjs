// Bundles the server and its tools into dist/, or the folder that is given; packages stay where they are.
import { rm } from 'node:fs/promises';
import { build } from 'esbuild';

const outdir = process.argv[2] ?? 'dist';

await rm(outdir, { recursive: true, force: true });
await build({
  entryPoints: {
    main: 'src/main.ts',
    database: 'src/tools/database.ts',
    'renew-keys': 'src/tools/renew-keys.ts',
    'rotate-credentials': 'src/tools/rotate-credentials.ts',
    token: 'src/tools/token.ts',
    'clean-files': 'src/tools/clean-files.ts',
    'embedded-worker': 'src/db/embedded-worker.js',
  },
  outdir,
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
});
