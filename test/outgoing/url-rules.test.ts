/** Which addresses of tenants are taken, and that nothing but the helper for them opens connections to any. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isLoopback, isPublicAddress } from '../../src/addresses.ts';
import { urlFault } from '../../src/outgoing/url-rules.ts';
import { projectRoot } from '../../src/root.ts';

const production = { allowLoopback: false };
const development = { allowLoopback: true };

test.each([
  'https://hooks.example',
  'https://hooks.example/path?query=1#part',
  'https://hooks.example:443/',
  'https://hooks.example:8443/',
  'https://hooks.example:65535/',
  'https://hooks.example./',
  'https://8.8.8.8/',
  'https://[2606:4700::1111]/',
  'https://münchen.example/',
  'https://localhost.example/',
  'https://internal.example/',
])('%s is taken', (url) => {
  expect([urlFault(url, production), urlFault(url, development)]).toEqual([null, null]);
});

const special =
  `0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254 169.254.169.254
  169.254.170.2 172.16.0.1 172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 198.19.255.255
  198.51.100.7 203.0.113.7 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
  [::] [::1] [::ffff:127.0.0.1] [::ffff:8.8.8.8] [::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::808:808] [64:ff9b:1::1] [100::1]
  [2001::1] [2001:2::1] [2001:10::1] [2001:20::1] [2001:db8::1] [2002:7f00:1::] [3fff::1] [4000::1] [5f00::1] [fc00::1]
  [fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [2620:4f:8000::1]`.split(/\s+/);

const inner = `localhost LOCALHOST localhost. a.localhost printer.local db.internal metadata.google.internal router.lan
  x.home.arpa x.home x.corp x.intranet x.private host.localdomain postgres metadata kubernetes 1.0.0.127.in-addr.arpa x.onion
  127.1 0 017700000001 0x7f.0.0.1 2130706433 0xA9FEA9FE 127.0.0.1. ①②⑦.0.0.1 %31%32%37.0.0.1`.split(/\s+/);

test.each([...special, ...inner])('https://%s is not public', (host) => {
  expect(urlFault(`https://${host}/`, production)).toMatch(/^The address must be public/);
});

test.each([
  ['http://hooks.example', /^The address begins with https:/],
  ['ftp://hooks.example', /^The address begins with https:/],
  ['file:///etc/passwd', /^The address begins with https:/],
  ['javascript:alert(1)', /^The address begins with https:/],
  ['https://user@hooks.example', /user name or password/],
  ['https://user:pass@hooks.example', /user name or password/],
  ['https://:pass@hooks.example', /user name or password/],
  ['https://hooks.example:22', /^The port/],
  ['https://hooks.example:25', /^The port/],
  ['https://hooks.example:80', /^The port/],
  ['https://hooks.example:0', /^The port/],
])('%s is refused', (url, fault) => {
  for (const rules of [production, development]) expect(urlFault(url, rules)).toMatch(fault);
});

test.each(['http://localhost:1', 'http://127.0.0.1', 'https://[::1]:22', 'http://127.9.9.9/x'])(
  '%s is taken in development alone',
  (url) => {
    expect(urlFault(url, development)).toBeNull();
    expect(urlFault(url, production)).not.toBeNull();
  },
);

test.each(['http://10.0.0.1', 'https://10.0.0.1', 'http://0.0.0.0', 'http://localhost.example'])(
  'development does not take %s either',
  (url) => {
    expect(urlFault(url, development)).not.toBeNull();
  },
);

const ipv4 = fc.ipV4();

test('no IPv4 address inside of an IPv6 one is public, and what is loopback is never public', () => {
  const forms = ['::ffff:', '::', '64:ff9b::', '::ffff:0:'];
  fc.assert(
    fc.property(ipv4, fc.constantFrom(...forms), (address, form) => !isPublicAddress(`${form}${address}`)),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(fc.oneof(ipv4, fc.ipV6(), fc.string()), (text) => !(isLoopback(text) && isPublicAddress(text))),
    { numRuns: 5_000 },
  );
  for (const text of ['', 'localhost', '1.2.3', '1.2.3.4.5', '2606:4700::1%eth0', '[2606:4700::1]'])
    expect(isPublicAddress(text)).toBe(false);
});

test('connections are opened to addresses of the operator, or by the helper for those of tenants', () => {
  const root = join(projectRoot, 'src');
  const opening =
    /(?<!yoga\.)\bfetch\(|\bcreateRemoteJWKSet\b|\bAwsClient\b|\bhttps?Request\b|from 'undici'|from 'node:(dns|https|http2|tls)'|\bconnect\(\{/;
  const files = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith('db/generated/') && opening.test(readFileSync(join(root, file), 'utf8')));
  expect(files.sort()).toEqual([
    'auth/token.ts', // JWKS_URL
    'files/s3-store.ts', // S3_ENDPOINT
    'graphiql/page-script.ts', // runs in the browser
    'outgoing/public-fetch.ts',
    'search/http-embedder.ts', // EMBEDDING_URL
  ]);
});
