/**
 * Bodies of requests that mean harm: each kind is a function of a size and of dice. The same seed makes the same bodies.
 */
/** Chance with a seed: the same seed, the same picks. */
export class Picks {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  pick<T>(items: readonly T[]): T {
    this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
    return items[Math.floor((this.#state / 2 ** 32) * items.length)] as T;
  }
}

type Body = string;
type Make = (dice: Picks, size: number) => Body;

/** Names that objects of JavaScript have by themselves, and others that are odd. */
export const oddNames = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'hasOwnProperty',
  '__typename',
  '__schema',
  '_',
] as const;

const oddTexts = ['é', '𝔘', '\u0000', '\u202e', '\ud800', '\uffff', ' Did you mean ', '"', '\\', '%_\\', '/*', "'"];
const oddNumbers = ['1e400', '-1e400', '1e-400', '9'.repeat(400), '-0', '0.1e1', `1.${'7'.repeat(300)}`, '2147483648'];

const repeat = (count: number, make: (index: number) => string, separator = ' '): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(separator);

const body = (query: string, variables: unknown = {}): Body => JSON.stringify({ query, variables });
const raw = (query: string, variables: string): Body => `{"query":${JSON.stringify(query)},"variables":${variables}}`;

const filterQuery = 'query ($f: AccountFilter) { accounts(filter: $f) { totalCount } }';
const createQuery =
  'mutation ($i: AccountCreateInput!) { accountCreate(input: $i) { account { id } userErrors { message } } }';
const pick = <T>(dice: Picks, items: readonly T[]): T => dice.pick(items);

const nest = (open: string, inner: string, close: string, levels: number): string =>
  open.repeat(levels) + inner + close.repeat(levels);

/** Documents; `size` is about how many characters they have. */
const documents: Readonly<Record<string, Make>> = {
  'unknown fields': (_dice, size) => body(`{ ${repeat(Math.min(size / 8, 1_900), (i) => `nosuch${i}`)} }`),
  'long unknown fields': (_dice, size) => body(`{ ${repeat(40, (i) => `f${i}_${'x'.repeat(size / 40)}`)} }`),
  'unknown arguments': (_dice, size) =>
    body(`{ accounts(${repeat(Math.min(size / 10, 600), (i) => `frist${i}: 1`)}) { totalCount } }`),
  'unknown variables': (_dice, size) =>
    body(`query (${repeat(Math.min(size / 12, 300), (i) => `$v${i}: Nosuch${i}`)}) { __typename }`),
  'used, undeclared variables': (_dice, size) =>
    body(`{ accounts(filter: {and: [${repeat(Math.min(size / 10, 800), (i) => `$u${i}`)}]}) { totalCount } }`),
  'unknown keys of a literal': (_dice, size) =>
    body(`{ accounts(filter: {${repeat(Math.min(size / 10, 400), (i) => `nosuch${i}: {eq: 1}`)}}) { totalCount } }`),
  'suggestions in a text': (_dice, size) =>
    body(`{ accounts(filter: {name: "${' Did you mean '.repeat(size / 15)}"}) { totalCount } }`),
  'suggestions in a name': (_dice, size) => body(`{ ${'Did_you_mean_'.repeat(size / 15)} }`),
  'a long alias': (_dice, size) => body(`{ ${'a'.repeat(size)}: accounts { nodes { id } } }`),
  'many aliases': (_dice, size) => body(`{ ${repeat(Math.min(size / 20, 600), (i) => `a${i}: __typename`)} }`),
  directives: (_dice, size) => body(`{ __typename ${'@skip(if: false)'.repeat(Math.min(size / 16, 400))} }`),
  'unknown directives': (_dice, size) => body(`{ __typename ${repeat(Math.min(size / 8, 900), (i) => `@no${i}`)} }`),
  'variable directives': (_dice, size) =>
    body(
      `query ($b: Boolean = true) { ${repeat(Math.min(size / 30, 150), (i) => `f${i % 9}: __typename @include(if: $b)`)} }`,
    ),
  comments: (_dice, size) => body('#'.repeat(size)),
  'lines of comments': (_dice, size) => body(`${'#\n'.repeat(size / 2)}{ nosuch }`),
  'empty lines before mistakes': (_dice, size) => body(`${'\n'.repeat(size)}{ ${repeat(50, (i) => `nosuch${i}`)} }`),
  'carriage returns': (_dice, size) => body(`${'\r'.repeat(size)}{ ${repeat(50, (i) => `nosuch${i}`)} }`),
  commas: (_dice, size) => body(`{ ${','.repeat(size)} __typename }`),
  'byte order marks': (_dice, size) => body(`${'\ufeff'.repeat(size / 3)}{ __typename }`),
  'fragments that double': () =>
    body(
      `{ ...f0 } ${repeat(30, (i) => `fragment f${i} on Query { ...f${i + 1} ...f${i + 1} }`)} fragment f30 on Query { __typename }`,
    ),
  'unused fragments': (_dice, size) =>
    body(`{ __typename } ${repeat(Math.min(size / 40, 250), (i) => `fragment f${i} on Account { id }`)}`),
  'fragments of one name': (_dice, size) =>
    body(`{ ...f } ${repeat(Math.min(size / 40, 250), () => 'fragment f on Query { __typename }')}`),
  'many operations': (_dice, size) => body(repeat(Math.min(size / 20, 300), (i) => `query q${i % 100} { __typename }`)),
  'nested selections': (_dice, size) => body(nest('{a', '{b}', '}', size / 3)),
  'nested lists': (_dice, size) => body(`{ accounts(filter: ${nest('[', '', ']', size / 2)}) { totalCount } }`),
  'nested objects': (_dice, size) =>
    body(`{ accounts(filter: ${nest('{not:', '{name:{eq:1}}', '}', Math.min(size / 6, 300))}) { totalCount } }`),
  'nested list types': (_dice, size) =>
    body(`query ($x: ${nest('[', 'Int', ']', Math.min(size / 2, 900))}) { __typename }`),
  'conflicting fields': (_dice, size) =>
    body(
      `{ accounts { nodes { ${repeat(Math.min(size / 25, 29), (i) => `x: ${i % 2 ? 'id' : 'name'} a${i}: name`)} } } }`,
    ),
  'overlapping inline fragments': (_dice, size) =>
    body(
      `{ accounts { nodes { ${'... on Account { owner { ... on Member { id } } } '.repeat(Math.min(size / 50, 110))} } } }`,
    ),
  'a long number': (_dice, size) => body(`{ accounts(first: ${'9'.repeat(size)}) { totalCount } }`),
  'a long decimal': (_dice, size) =>
    body(
      `mutation { paymentRecord(input: {amountCents: ${'9'.repeat(size / 2)}.${'9'.repeat(size / 2)}}) { payment { id } } }`,
    ),
  'a text without an end': (_dice, size) => body(`{ accounts(after: "${'x'.repeat(size)}`),
  'a block text': (_dice, size) => body(`{ accounts(after: """${'  \n'.repeat(size / 4)}""") { totalCount } }`),
  'escapes in a text': (_dice, size) => body(`{ accounts(after: "${'\\u0041'.repeat(size / 7)}") { totalCount } }`),
  'enums that are none': (_dice, size) =>
    body(`{ accounts(orderBy: [{name: {direction: ${'A'.repeat(size)}}}]) { totalCount } }`),
  'a long operation name': (_dice, size) =>
    JSON.stringify({ query: 'query a { __typename }', operationName: 'b'.repeat(size) }),
  'introspection again and again': (_dice, size) =>
    body(`{ ${repeat(Math.min(size / 60, 29), (i) => `s${i}: __schema { types { name fields { name } } }`)} }`),
  'a name of Object': (dice) => {
    const name = pick(dice, oddNames);
    return body(
      pick(dice, [
        `{ ${name} { ${name} } }`,
        `query ($${name}: Int) { accounts(first: $${name}) { totalCount } }`,
        `{ accounts(${name}: {${name}: 1}) { ${name}: totalCount } }`,
        `query ${name} { ...${name} } fragment ${name} on Query { __typename }`,
        `{ ${name}: __typename @${name}(${name}: $${name}) }`,
      ]),
      JSON.parse(`{"${name}": 100}`),
    );
  },
  'odd characters': (dice, size) => body(repeat(Math.min(size, 3_000), () => pick(dice, oddTexts), '')),
  'random tokens': (dice, size) =>
    body(
      repeat(Math.min(size / 3, 1_500), () =>
        pick(dice, ['{', '}', '(', ')', '[', ']', ':', '!', '$a', 'b', '@c', '...', '1', '"x"', '|', '&', 'on']),
      ),
    ),
};

/** Variables. */
const variables: Readonly<Record<string, Make>> = {
  'unknown keys': (_dice, size) => raw(filterQuery, `{"f":{${repeat(size / 10, (i) => `"k${i}":${i % 10}`, ',')}}}`),
  'unknown keys, long': (_dice, size) =>
    raw(filterQuery, `{"f":{${repeat(20, (i) => `"${'k'.repeat(size / 20)}${i}":1`, ',')}}}`),
  'a long text in a wrong place': (_dice, size) => body(filterQuery, { f: { name: 's'.repeat(size) } }),
  'many mistakes': (_dice, size) =>
    body(filterQuery, { f: { or: Array.from({ length: size / 20 }, () => ({ name: 1 })) } }),
  'wrong items': (_dice, size) =>
    body(filterQuery, { f: { name: { in: Array.from({ length: size / 4 }, (_, i) => (i % 2 ? 1 : [])) } } }),
  'a deep list': (_dice, size) => raw(filterQuery, `{"f":${nest('[', '', ']', size / 2)}}`),
  'a deep object': (_dice, size) => raw(filterQuery, `{"f":${nest('{"not":', '{}', '}', size / 8)}}`),
  'a wide object': (_dice, size) => raw(filterQuery, `{"f":{"or":[${repeat(size / 3, () => '{}', ',')}]}}`),
  'to-many steps': (_dice, size) =>
    raw(
      filterQuery,
      `{"f":{"or":[${repeat(Math.min(size / 60, 900), () => '{"contacts":{"some":{"fullName":{"eq":"x"}}}}', ',')}]}}`,
    ),
  numbers: (dice, size) =>
    raw(
      filterQuery,
      `{"f":{"name":{"in":[${repeat(Math.min(size / 10, 4_000), () => pick(dice, oddNumbers), ',')}]}}}`,
    ),
  'a list of numbers': (_dice, size) =>
    raw(
      'query ($v: Vector) { searchDocuments(vector: $v) { nodes { id } } }',
      `{"v":[${repeat(size / 2, () => '1', ',')}]}`,
    ),
  'a text to search for': (_dice, size) =>
    body('query ($t: String) { searchDocuments(text: $t) { nodes { id } } }', { t: 'word '.repeat(size / 5) }),
  'an email address': (_dice, size) =>
    body('mutation ($i: ContactCreateInput!) { contactCreate(input: $i) { userErrors { message } } }', {
      i: { fullName: 'A', email: `${'a.'.repeat(size / 4)}@${'a-'.repeat(size / 4)}` },
    }),
  'a web address': (_dice, size) =>
    body(createQuery, { i: { name: 'A', website: `https://${'a.'.repeat(size / 2)}` } }),
  'a duration': (_dice, size) => body(filterQuery, { f: { createdAt: { gte: `-P${'1'.repeat(size)}W` } } }),
  'a moment': (_dice, size) =>
    body(filterQuery, { f: { createdAt: { gte: `2026-01-01T00:00:00.${'0'.repeat(size)}Z` } } }),
  'a big integer': (_dice, size) =>
    body('query ($n: BigInt) { deals(filter: {valueCents: {eq: $n}}) { totalCount } }', { n: '9'.repeat(size) }),
  'an id': (_dice, size) => body('query ($id: ID!) { node(id: $id) { id } }', { id: '_'.repeat(size) }),
  ids: (_dice, size) =>
    body('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: size / 12 }, () => 'account_x'),
    }),
  'a cursor': (_dice, size) =>
    body('query ($c: String) { accounts(after: $c) { nodes { id } } }', {
      c: Buffer.from(JSON.stringify(Array.from({ length: size / 8 }, () => 'x'))).toString('base64url'),
    }),
  'a rule of recurrence': (_dice, size) =>
    body('mutation ($i: EventCreateInput!) { eventCreate(input: $i) { userErrors { message } } }', {
      i: {
        title: 'x',
        startsAt: '2026-01-01T00:00:00Z',
        endsAt: '2026-01-01T01:00:00Z',
        recurrence: `FREQ=DAILY;${'BYDAY=MO,'.repeat(size / 9)}`,
      },
    }),
  'texts to find': (_dice, size) =>
    body(filterQuery, {
      f: { or: Array.from({ length: 50 }, () => ({ name: { contains: '%_\\'.repeat(size / 150) } })) },
    }),
  'names of Object': (dice) => {
    const name = pick(dice, oddNames);
    return raw(filterQuery, `{"f":{"${name}":{"${name}":1}},"${name}":{"${name}":[]}}`);
  },
  'metadata with names of Object': (dice) => {
    const name = pick(dice, oddNames);
    return raw(createQuery, `{"i":{"name":"A","metadata":{"${name}":{"${name}":1}},"${name}":1}}`);
  },
  'half a character': () => raw(filterQuery, '{"f":{"name":{"eq":"\\ud800"}}}'),
  'a secret beside a mistake': (_dice, size) =>
    body(
      'mutation ($i: IntegrationCredentialSetInput!) { integrationCredentialSet(input: $i) { userErrors { message } } }',
      {
        i: { secret: `hunter2-${'s'.repeat(size)}`, secrett: 1 },
      },
    ),
  'one variable in many places': (_dice, size) =>
    body(`query ($f: AccountFilter) { accounts(filter: {or: [${repeat(200, () => '$f', ',')}]}) { totalCount } }`, {
      f: { or: Array.from({ length: Math.min(size / 25, 900) }, () => ({ name: { eq: 'x' } })) },
    }),
};

/** Bodies that are not even a request. */
const bodies: Readonly<Record<string, Make>> = {
  empty: () => '',
  'a text': (_dice, size) => JSON.stringify('x'.repeat(size)),
  'a list': (_dice, size) => `[${repeat(size / 3, () => '{}', ',')}]`,
  'half of JSON': (_dice, size) => `{"query":"${'x'.repeat(size)}`,
  'nested JSON': (_dice, size) => nest('[', '', ']', size / 2),
  'further keys': (_dice, size) => `{"query":"{ __typename }",${repeat(size / 10, (i) => `"k${i}":1`, ',')}}`,
  'a key of Object': (dice) => `{"query":"{ __typename }","${pick(dice, oddNames)}":{"x":1}}`,
  'extensions of any depth': (_dice, size) =>
    `{"query":"{ __typename }","extensions":{"x":${nest('[', '', ']', Math.min(size / 2, 5_000))}}}`,
  'a query that is no text': () => '{"query":{"toString":1}}',
  'variables that are none': (dice) =>
    `{"query":"{ __typename }","variables":${pick(dice, ['[]', '1', '"x"', 'null'])}}`,
};

/** Every kind of body, by what it is. */
export const hostileKinds: readonly (readonly [kind: string, make: Make])[] = Object.entries({
  ...documents,
  ...variables,
  ...bodies,
});
