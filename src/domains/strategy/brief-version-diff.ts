import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { enumOf } from '../../graphql/enums.ts';
import { toUuid } from '../../graphql/ids.ts';

interface Change {
  readonly kind: 'added' | 'removed' | 'changed';
  readonly path: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
}

type Section = Readonly<Record<string, unknown>>;

const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Compares as JSON does, whatever the order of keys. */
function isSame(before: unknown, after: unknown): boolean {
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((item, index) => isSame(item, after[index]));
  return isSection(before) && isSection(after) ? changesOf(before, after).length === 0 : before === after;
}

/** Keys are a client's: `constructor` is one like any other. */
const valueAt = (section: Section, key: string): unknown =>
  Object.hasOwn(section, key) ? (section[key] ?? null) : null;

function changeAt(path: readonly string[], key: string, before: Section, after: Section): Change[] {
  const at = { path: [...path, key], before: valueAt(before, key), after: valueAt(after, key) };
  if (!Object.hasOwn(before, key)) return [{ ...at, kind: 'added' }];
  if (!Object.hasOwn(after, key)) return [{ ...at, kind: 'removed' }];
  if (isSection(at.before) && isSection(at.after)) return changesOf(at.before, at.after, at.path);
  return isSame(at.before, at.after) ? [] : [{ ...at, kind: 'changed' }];
}

/** What is different between two objects, by the way to each key; objects are compared key by key, lists as a whole. */
export const changesOf = (before: Section, after: Section, path: readonly string[] = []): Change[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .sort()
    .flatMap((key) => changeAt(path, key, before, after));

const BriefChangeKind = enumOf('BriefChangeKind', 'What became of a key.', {
  added: 'Only the later version has it.',
  removed: 'Only the earlier version has it.',
  changed: 'Both have it, with different values.',
});

const BriefChange = builder.objectRef<Change>('BriefChange').implement({
  description: 'One difference between two versions of a brief.',
  fields: (t) => ({
    kind: t.field({ type: BriefChangeKind, description: 'What became of the key.', resolve: ({ kind }) => kind }),
    path: t.exposeStringList('path', { description: 'The way to the key, from the outermost one.' }),
    before: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What `from` says; null when it has no such key.',
      resolve: ({ before }) => before,
    }),
    after: t.field({
      type: 'JSON',
      nullable: true,
      description: 'What `to` says; null when it has no such key.',
      resolve: ({ after }) => after,
    }),
  }),
});

/** The contents of two versions; undefined where there is none. */
async function contentsOf({ db }: Context, briefId: string, from: number, to: number) {
  const versions = await db.briefVersion.findMany({
    where: { briefId, versionNumber: { in: [from, to] } },
    select: { versionNumber: true, content: true },
  });
  const contentOf = (number: number) => versions.find(({ versionNumber }) => versionNumber === number)?.content;
  return [contentOf(from), contentOf(to)] as const;
}

builder.queryField('briefVersionDiff', (t) =>
  t.field({
    type: [BriefChange],
    nullable: true,
    description:
      'What is different between two versions of a brief: sections key by key, lists as a whole, in the order of the keys. Null when there is no such brief or version. Needs `delivery:read`.',
    extensions: { permission: 'delivery:read' },
    args: {
      briefId: t.arg.id({ required: true, description: 'The brief.' }),
      from: t.arg.int({ required: true, description: 'The number of the version to compare from.' }),
      to: t.arg.int({ required: true, description: 'The number of the version to compare to.' }),
    },
    resolve: async (_root, { briefId, from, to }, context) => {
      const [before, after] = await contentsOf(context, toUuid('Brief', String(briefId)), from, to);
      return isSection(before) && isSection(after) ? changesOf(before, after) : null;
    },
  }),
);
