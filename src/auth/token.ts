/**
 * Turns a bearer token into the claims about its subject, or refuses it. The first step of the request path: nothing
 * behind it ever sees a token. What must stay true: one family of algorithms at a time; a token whose form is wrong costs
 * neither a fetch nor a signature check; an outage of the issuer is 503 and never 401; and neither the token nor the
 * text of a library's error reaches the client.
 */
import type { JWTPayload, JWTVerifyGetKey } from 'jose';
import { createRemoteJWKSet, customFetch, decodeProtectedHeader, errors, jwtVerify, SignJWT } from 'jose';
import { v5 } from 'uuid';
import type { Config } from '../config.ts';
import { unauthenticated, unavailable } from '../errors.ts';

type Auth = Config['auth'];

export type TokenClaims = {
  /** The subject when it is a UUID, else a UUID made from issuer and subject. */
  readonly userId: string;
  readonly email: string;
  /** The address, when the issuer says that it is the subject's: it checked. */
  readonly verifiedEmail: string | null;
  readonly fullName: string | null;
  readonly avatarUrl: string | null;
  /** Id or slug of the organization that the token asks for. */
  readonly orgId: string | null;
  /** The moment the token stops counting: its own expiry, or the end of the longest age accepted here. */
  readonly expiresAt: Date;
};

type VerifierOptions = { now?: () => Date; fetch?: typeof fetch };

const secretAlgorithms = ['HS256'];
const keySetAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA'];
const tokenTypes = ['jwt', 'application/jwt', 'at+jwt', 'application/at+jwt'];
const maxTokenLength = 8_192;

const keySetAgeMs = 600_000;
const cooldownMs = 30_000;
const firstFetchRetryMs = 1_000;

const sentences = {
  malformed: 'The token is malformed. Send the whole token as the issuer gave it.',
  tooLong: 'The token is longer than 8 KB. Ask the issuer for a shorter one.',
  encrypted: 'Encrypted tokens are not accepted. Ask the issuer for a signed one.',
  type: 'This kind of token is not accepted. Send an access token ("typ" JWT or at+jwt).',
  critical: 'The token demands an extension ("crit") that is not known here. Ask the issuer for one without it.',
  subject: 'The token does not say whose it is ("sub"). Ask the issuer for one that does.',
  signature: 'The signature of the token is wrong. Sign in again.',
  unknownKey: 'The issuer does not publish the key that signed the token. Sign in again.',
  severalKeys: 'Several keys of the issuer fit the token. Ask the issuer for tokens that name their key ("kid").',
  expired: 'The token has expired. Sign in again.',
  tooOld: 'The token was issued too long ago. Sign in again.',
  longLived: 'The token lives longer than this server accepts. Ask the issuer for a shorter-lived one.',
  fromTheFuture: 'The token was issued in the future. Check the clock of the issuer.',
  issuerDown: 'The keys of the token issuer cannot be fetched right now. Try again in a moment.',
} as const;

const claimSentences: Readonly<Record<string, string>> = {
  iss: 'The token does not come from the issuer that this server trusts ("iss"). Sign in there.',
  aud: 'The token is not meant for this server ("aud"). Ask the issuer for one that is.',
  exp: 'The token does not say when it expires ("exp"). Ask the issuer for one that does.',
  sub: sentences.subject,
  nbf: 'The token is not valid yet ("nbf"). Wait a moment, or check the clock of the issuer.',
};

const isTokenType = (type: unknown): boolean => typeof type === 'string' && tokenTypes.includes(type.toLowerCase());

/** Refuses what can be refused by looking at the form alone. */
function checkForm(token: string, algorithms: readonly string[]): void {
  if (token.length > maxTokenLength) throw unauthenticated(sentences.tooLong);
  const parts = token.split('.').length;
  if (parts === 5) throw unauthenticated(sentences.encrypted);
  const header = parts === 3 ? readHeader(token) : undefined;
  if (header === undefined) throw unauthenticated(sentences.malformed);
  if ('crit' in header) throw unauthenticated(sentences.critical);
  if ('typ' in header && !isTokenType(header.typ)) throw unauthenticated(sentences.type);
  if (typeof header.alg !== 'string' || !algorithms.includes(header.alg)) {
    throw unauthenticated(`The token is signed in a way that is not accepted. Accepted: ${algorithms.join(', ')}.`);
  }
}

function readHeader(token: string) {
  try {
    return decodeProtectedHeader(token);
  } catch {
    return undefined;
  }
}

function secretKey(secret: string): JWTVerifyGetKey {
  const bytes = new TextEncoder().encode(secret);
  // Imported once: importing for each token takes a third of the time of its check.
  const key = crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  return () => key;
}

/**
 * Finds keys in the issuer's published set. jose fetches, checks and searches the set; when to fetch is decided here,
 * because jose forgets the set once it is too old and starts a fetch per request while the endpoint is down.
 */
function publishedKeys(url: string, maxStaleMs: number, now: () => Date, fetchKeys?: typeof fetch): JWTVerifyGetKey {
  const keys = createRemoteJWKSet(new URL(url), {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    cooldownDuration: Number.POSITIVE_INFINITY,
    ...(fetchKeys && { [customFetch]: fetchKeys }),
  });
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let reachable = true;
  let loading = Promise.resolve();
  const since = (time: number) => now().getTime() - time;

  const load = async () => {
    triedAt = now().getTime();
    reachable = await keys.reload().then(
      () => true,
      () => false,
    );
    if (reachable) fetchedAt = now().getTime();
  };

  const refresh = async () => {
    const wait = since(fetchedAt) > maxStaleMs ? firstFetchRetryMs : cooldownMs;
    if (since(triedAt) >= wait) loading = load();
    await loading;
  };

  return async (header, token) => {
    const refreshed = since(fetchedAt) > keySetAgeMs ? refresh() : undefined;
    // While the endpoint is down the set in hand answers at once; only the first request waits for the failure.
    if (reachable || since(fetchedAt) > maxStaleMs) await refreshed;
    if (since(fetchedAt) > maxStaleMs) throw unavailable(sentences.issuerDown);
    return keys(header, token).catch(async (error: unknown) => {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
      await refresh();
      if (!reachable) throw unavailable(sentences.issuerDown);
      return keys(header, token);
    });
  };
}

function keyFinder(auth: Auth, now: () => Date, fetchKeys?: typeof fetch): JWTVerifyGetKey {
  if (auth.secret !== undefined && auth.jwksUrl === undefined) return secretKey(auth.secret);
  if (auth.secret === undefined && auth.jwksUrl !== undefined) {
    return publishedKeys(auth.jwksUrl, auth.jwksMaxStaleSeconds * 1_000, now, fetchKeys);
  }
  throw new Error('Tokens are checked either with a secret or with a key set: configure exactly one of them.');
}

/** Translates a refusal of jose; anything that is not the token's fault stays what it is, a bug to be logged. */
function refusal(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) return unauthenticated(sentences.expired);
  if (error instanceof errors.JWTClaimValidationFailed) {
    return unauthenticated(claimSentences[error.claim] ?? sentences.malformed);
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return unauthenticated(sentences.signature);
  if (error instanceof errors.JWKSNoMatchingKey) return unauthenticated(sentences.unknownKey);
  if (error instanceof errors.JWKSMultipleMatchingKeys) return unauthenticated(sentences.severalKeys);
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return unauthenticated(sentences.malformed);
  }
  return error;
}

/**
 * Answers when the token stops counting, in seconds. `iat` may be missing, against jose's `maxTokenAge`: then the expiry
 * alone has to lie within the longest age.
 */
function endOfLife({ exp, iat }: { exp: number; iat?: number }, auth: Auth, now: number): number {
  const { maxTokenAgeSeconds: maxAge, clockToleranceSeconds: tolerance } = auth;
  if (iat === undefined) {
    if (exp > now + maxAge + tolerance) throw unauthenticated(sentences.longLived);
    return exp;
  }
  if (iat > now + tolerance) throw unauthenticated(sentences.fromTheFuture);
  if (now - iat - tolerance > maxAge) throw unauthenticated(sentences.tooOld);
  return Math.min(exp, iat + maxAge);
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function readSubject(issuer: string, subject: unknown): string {
  // Half a surrogate pair has no UTF-8 form, and two different ones would become the same person.
  if (typeof subject !== 'string' || subject === '' || /\p{Cs}/u.test(subject)) {
    throw unauthenticated(sentences.subject);
  }
  return uuidShape.test(subject) ? subject.toLowerCase() : v5(`${issuer}#${subject}`, v5.URL);
}

/** Reads a text without the characters that Postgres cannot store; an empty one counts as missing. */
const readText = (value: unknown): string | null =>
  typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cs}]/gu, '').trim() || null : null;

const isAddress = (text: string | null): text is string => text !== null && /^[^\s@]+@[^\s@]+$/.test(text);

/**
 * The address that the issuer vouches for. A token that says nothing of it vouches for nothing, unless this server is told
 * that its issuer checks every address; one that says no is believed always. Some issuers write `true` as a text.
 */
function readVerifiedEmail({ email, email_verified: verified }: JWTPayload, auth: Auth): string | null {
  const isVerified = verified === true || verified === 'true' || (verified === undefined && auth.assumeEmailVerified);
  const address = readText(email);
  return isVerified && isAddress(address) && address === email ? address : null;
}

const readClaims = (payload: JWTPayload, auth: Auth, expiresAt: Date): TokenClaims => {
  const userId = readSubject(auth.issuer, payload.sub);
  const [email, picture, orgId] = [readText(payload.email), readText(payload.picture), readText(payload.org_id)];
  return {
    userId,
    email: isAddress(email) ? email : `${userId}@users.invalid`,
    verifiedEmail: readVerifiedEmail(payload, auth),
    fullName: readText(payload.name),
    avatarUrl: picture && URL.canParse(picture) && new URL(picture).protocol === 'https:' ? picture : null,
    orgId: orgId && orgId.length <= 64 ? orgId : null,
    expiresAt,
  };
};

/**
 * Makes the function that checks tokens (RFC 7519, RFC 8725, RFC 9068): form, algorithm, signature, issuer, audience,
 * expiry, age. With a key set, a new key is found on first use, at most one fetch per 30 s; a withdrawn key is refused
 * after 10 min; in an outage the last set answers for `jwksMaxStaleSeconds`.
 *
 * The returned function throws UNAUTHENTICATED for a token that is refused and UNAVAILABLE when the keys cannot be had.
 */
export function createTokenVerifier(auth: Auth, { now = () => new Date(), fetch: fetchKeys }: VerifierOptions = {}) {
  const findKey = keyFinder(auth, now, fetchKeys);
  const algorithms = auth.secret === undefined ? keySetAlgorithms : secretAlgorithms;
  return async (token: string): Promise<TokenClaims> => {
    checkForm(token, algorithms);
    const { payload } = await jwtVerify<{ exp: number }>(token, findKey, {
      algorithms,
      issuer: auth.issuer,
      audience: auth.audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: auth.clockToleranceSeconds,
      currentDate: now(),
    }).catch((error: unknown) => {
      throw refusal(error);
    });
    const end = endOfLife(payload, auth, Math.floor(now().getTime() / 1_000));
    return readClaims(payload, auth, new Date(end * 1_000));
  };
}

/**
 * Signs a token with the shared secret, for development and tests. `claims` may replace any claim set here; a claim that
 * is given as undefined is left out. Lives one hour unless `ttlSeconds` says otherwise.
 *
 * Throws an Error when tokens come from an issuer with a key set.
 */
export async function signToken(
  auth: Auth,
  claims: JWTPayload,
  { ttlSeconds = 3_600 }: { ttlSeconds?: number } = {},
): Promise<string> {
  if (auth.secret === undefined) throw new Error('Only tokens of a shared secret (JWT_SECRET) can be signed here.');
  const iat = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iss: auth.issuer, aud: auth.audience, iat, exp: iat + ttlSeconds, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(auth.secret));
}
