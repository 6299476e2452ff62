/**
 * Prints a bearer token for a person: `npm run token -- --user owner@acme.example --org acme`, in the image
 * `node dist/token.js`. Development secret only.
 */
import { parseArgs } from 'node:util';
import { v5 as uuidV5 } from 'uuid';
import { demoPeople } from '../../prisma/seed/people.ts';
import { signToken } from '../auth/token.ts';
import { readConfig } from '../config.ts';
import { usesDevelopmentSecret } from '../demo.ts';

const { values } = parseArgs({
  options: { user: { type: 'string' }, org: { type: 'string' }, hours: { type: 'string', default: '24' } },
});
const config = readConfig();
const email = values.user;
if (!email || !usesDevelopmentSecret(config)) {
  process.stderr.write(
    email
      ? 'Tokens are printed with the development secret only.\n'
      : 'Usage: npm run token -- --user <email> [--org <id or slug>] [--hours 24]\n',
  );
  process.exit(1);
}
const known = demoPeople.find((person) => person.email === email);
const claims = {
  sub: known?.uuid ?? uuidV5(email, uuidV5.URL),
  email,
  email_verified: true,
  name: known?.name,
  org_id: values.org,
};
process.stdout.write(`${await signToken(config.auth, claims, { ttlSeconds: Number(values.hours) * 3_600 })}\n`);
