/**
 * Files in a bucket of S3, or of a store that speaks its language. Clients talk to the bucket themselves, at addresses that
 * are signed here; the server only moves, reads back and removes.
 */
import { AwsClient, AwsV4Signer } from 'aws4fetch';
import type { Config } from '../config.ts';
import { unavailable } from '../errors.ts';
import { digest } from './digest.ts';
import { attachmentOf } from './disposition.ts';
import type { Announced, FileStore } from './store.ts';

type S3Options = NonNullable<Config['files']['s3']>;

/** Below the time that a transaction may take: one waits for the answer. */
const deadlineMs = 6_000;

const secondsUntil = (moment: Date): string => String(Math.max(1, Math.round((moment.getTime() - Date.now()) / 1000)));

/** The headers that an upload must have. S3 holds the bytes to them; other stores may not, so `receive` looks itself. */
const uploadHeaders = ({ mimeType, sha256 }: Announced) => ({
  'content-type': mimeType,
  'x-amz-checksum-sha256': Buffer.from(sha256, 'hex').toString('base64'),
});

/** Makes the store of a bucket. */
export function createS3Store(options: S3Options, onFailure: (error: Error) => void): FileStore {
  const { bucket, endpoint, region, accessKeyId, secretAccessKey } = options;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 2 });
  const base = endpoint ? `${endpoint.replace(/\/$/, '')}/${bucket}` : `https://${bucket}.s3.${region}.amazonaws.com`;
  const addressOf = (area: 'uploads' | 'objects', key: string): string => `${base}/${area}/${key}`;

  async function sign(method: string, url: URL, expiresAt: Date, headers: Record<string, string> = {}) {
    url.searchParams.set('X-Amz-Expires', secondsUntil(expiresAt));
    const keys = { accessKeyId, secretAccessKey, region, service: 's3' };
    const signer = new AwsV4Signer({ ...keys, method, url: url.href, headers, signQuery: true, allHeaders: true });
    return (await signer.sign()).url.href;
  }

  function failed(error: Error): never {
    onFailure(error);
    throw unavailable('The store of the files does not answer. Try again in a moment.');
  }

  /** Asks the bucket; null when there is no such object. */
  async function ask(method: string, url: string, init: RequestInit = {}): Promise<Response | null> {
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await client.fetch(url, { ...init, method, signal }).catch(failed);
    if (response.ok) return response;
    const text = await response.text().catch(() => '');
    const missing = response.status === 404 && !text.includes('NoSuchBucket');
    return missing
      ? null
      : failed(new Error(`The bucket answered ${response.status} to ${method}: ${text.slice(0, 300)}`));
  }

  /** A copy can fail after its headers were sent, and then says so in its body alone. */
  async function move(key: string): Promise<void> {
    const source = { 'x-amz-copy-source': `/${bucket}/uploads/${key}` };
    const copied = await ask('PUT', addressOf('objects', key), { headers: source });
    if (!copied) return;
    const text = await copied.text();
    if (text.includes('<Error>')) failed(new Error(`The bucket could not copy: ${text.slice(0, 300)}`));
    await ask('DELETE', addressOf('uploads', key));
  }

  return {
    async upload(file, expiresAt) {
      const headers = uploadHeaders(file);
      const signed = { ...headers, 'content-length': String(file.sizeBytes) };
      const url = await sign('PUT', new URL(addressOf('uploads', file.key)), expiresAt, signed);
      const list = Object.entries(headers).map(([name, value]) => ({ name, value }));
      return { url, method: 'PUT', headers: list, expiresAt };
    },

    async receive(key) {
      await move(key);
      const response = await ask('GET', addressOf('objects', key));
      return response?.body ? digest(response.body).catch(failed) : null;
    },

    download({ key, name, mimeType }, expiresAt) {
      const url = new URL(addressOf('objects', key));
      url.searchParams.set('response-content-disposition', attachmentOf(name));
      url.searchParams.set('response-content-type', mimeType);
      return sign('GET', url, expiresAt);
    },

    async put(key, bytes) {
      await ask('PUT', addressOf('objects', key), { body: Buffer.from(bytes) });
    },

    async remove(key) {
      await Promise.all([ask('DELETE', addressOf('uploads', key)), ask('DELETE', addressOf('objects', key))]);
    },
  };
}
