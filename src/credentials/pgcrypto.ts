/**
 * Reads what `pgp_sym_encrypt` of pgcrypto wrote, for rows of earlier versions of this server: RFC 4880 (OpenPGP), and of it
 * the messages that pgcrypto makes of a text and a password by default. They are a password packet (tag 3, S2K iterated and
 * salted with SHA-1, the derived key is the session key) and an encrypted packet (tag 18: AES in CFB mode, a literal packet,
 * and its SHA-1 as modification detection code). Nothing is ever written in this form again.
 */
import { createDecipheriv, createHash, timingSafeEqual } from 'node:crypto';

const tags = { password: 3, literal: 11, encrypted: 18, detection: 19 } as const;

/** The AES variants of RFC 4880, section 9.2, with the lengths of their keys. */
const ciphers: Readonly<Record<number, readonly [name: string, keyBytes: number]>> = {
  7: ['aes-128-cfb', 16],
  8: ['aes-192-cfb', 24],
  9: ['aes-256-cfb', 32],
};

const blockLength = 16;

interface Packet {
  readonly tag: number;
  readonly body: Buffer;
}

function demand(isTrue: boolean): asserts isTrue {
  if (!isTrue) throw new Error('Not a message of pgp_sym_encrypt, or encrypted with another password.');
}

/** Takes bytes one after the other. */
class Reader {
  #at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  rest(): Buffer {
    return this.#bytes.subarray(this.#at);
  }

  take(length: number): Buffer {
    demand(length <= this.rest().length);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1).readUInt8();
  }
}

/** A body with the lengths of section 4.2.2: of one, two or five bytes, or in parts. */
function readBody(reader: Reader): Buffer {
  const parts: Buffer[] = [];
  for (;;) {
    const first = reader.byte();
    if (first >= 224 && first < 255) {
      parts.push(reader.take(2 ** (first & 31)));
      continue;
    }
    const length =
      first < 192 ? first : first < 224 ? ((first - 192) << 8) + reader.byte() + 192 : reader.take(4).readUInt32BE();
    return Buffer.concat([...parts, reader.take(length)]);
  }
}

function readPackets(bytes: Buffer): Packet[] {
  const reader = new Reader(bytes);
  const packets: Packet[] = [];
  while (!reader.isAtEnd) {
    const head = reader.byte();
    demand(head >= 192);
    packets.push({ tag: head & 63, body: readBody(reader) });
  }
  return packets;
}

/** One hash of section 3.7.1.3: `count` bytes of salt and password, again and again, after so many zeros. */
function repeatedHash(zeros: number, pattern: Buffer, count: number): Buffer {
  const whole = Buffer.alloc(Math.max(count, pattern.length));
  for (let at = 0; at < whole.length; at += pattern.length) pattern.copy(whole, at);
  return createHash('sha1').update(Buffer.alloc(zeros)).update(whole).digest();
}

/** The session key of a password packet, and the cipher that it is for. */
function readPassword(body: Buffer, password: string): { readonly cipher: string; readonly key: Buffer } {
  const reader = new Reader(body);
  demand(reader.byte() === 4);
  const [cipher, length] = ciphers[reader.byte()] ?? ['', 0];
  demand(length > 0 && reader.byte() === 3 && reader.byte() === 2);
  const pattern = Buffer.concat([reader.take(8), Buffer.from(password)]);
  const coded = reader.byte();
  demand(reader.isAtEnd);
  const count = (16 + (coded & 15)) << ((coded >> 4) + 6);
  const hashes = [0, 1].map((zeros) => repeatedHash(zeros, pattern, count));
  return { cipher, key: Buffer.concat(hashes).subarray(0, length) };
}

/** The packets inside of an encrypted packet, section 5.13: behind a random block whose end is repeated, and intact. */
function decryptBody(body: Buffer, cipher: string, key: Buffer): Packet[] {
  demand(body[0] === 1);
  const decipher = createDecipheriv(cipher, key, Buffer.alloc(blockLength));
  const plain = Buffer.concat([decipher.update(body.subarray(1)), decipher.final()]);
  demand(plain.length > blockLength + 24);
  const detection = plain.subarray(-20);
  demand(timingSafeEqual(createHash('sha1').update(plain.subarray(0, -20)).digest(), detection));
  return readPackets(plain.subarray(blockLength + 2));
}

/** The text of a literal packet, section 5.9: form, file name, date, text. */
function readLiteral(body: Buffer): string {
  const reader = new Reader(body);
  reader.byte();
  reader.take(reader.byte() + 4);
  return reader.rest().toString('utf8');
}

/**
 * Decrypts a text that pgcrypto encrypted with a password.
 *
 * @throws Error for another password, and for anything that is no such message.
 */
export function decryptPgcrypto(message: Uint8Array, password: string): string {
  const [first, second] = readPackets(Buffer.from(message));
  demand(first?.tag === tags.password && second?.tag === tags.encrypted);
  const { cipher, key } = readPassword(first.body, password);
  const [literal, detection] = decryptBody(second.body, cipher, key);
  demand(literal?.tag === tags.literal && detection?.tag === tags.detection);
  return readLiteral(literal.body);
}
