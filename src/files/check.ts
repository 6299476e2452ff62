/** Whether the bytes that arrived are those that were announced. */
import type { Announced, Received } from './store.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const letters = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const zip = [bytes(0x50, 0x4b, 0x03, 0x04), bytes(0x50, 0x4b, 0x05, 0x06)];
const office = 'application/vnd.openxmlformats-officedocument.';

/** How files of a type begin. A type that is not listed may begin as it likes. */
const beginnings: Readonly<Record<string, readonly Uint8Array[]>> = {
  'application/pdf': [letters('%PDF-')],
  'application/zip': zip,
  'application/gzip': [bytes(0x1f, 0x8b)],
  [`${office}wordprocessingml.document`]: zip,
  [`${office}spreadsheetml.sheet`]: zip,
  [`${office}presentationml.presentation`]: zip,
  'image/gif': [letters('GIF87a'), letters('GIF89a')],
  'image/jpeg': [bytes(0xff, 0xd8, 0xff)],
  'image/png': [bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)],
  'image/tiff': [letters('II*\0'), letters('MM\0*')],
  'image/webp': [letters('RIFF')],
};

const beginsWith = (head: Uint8Array, start: Uint8Array): boolean => start.every((byte, index) => head[index] === byte);

/** What is wrong with what arrived, in a sentence; null when nothing is. */
export function faultOf(file: Pick<Announced, 'sizeBytes' | 'sha256' | 'mimeType'>, received: Received): string | null {
  if (received.sizeBytes !== file.sizeBytes)
    return `The file has ${received.sizeBytes} bytes; ${file.sizeBytes} were announced.`;
  if (received.sha256 !== file.sha256)
    return `The content has the SHA-256 checksum ${received.sha256}; ${file.sha256} was announced.`;
  const starts = Object.hasOwn(beginnings, file.mimeType) ? beginnings[file.mimeType] : undefined;
  if (starts && !starts.some((start) => beginsWith(received.head, start)))
    return `The content is no ${file.mimeType}: it begins differently.`;
  return null;
}
