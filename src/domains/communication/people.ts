/** People that an input names: members by `userIds`, contacts by `contactIds`. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import type { InputFields } from '../../graphql/mutation.ts';
import { uuidAt } from '../../graphql/rows.ts';

/** One of the two, as rows about a member or a contact have it. */
export type Person = { readonly userId: string } | { readonly contactId: string };

interface Named {
  readonly userIds?: readonly string[] | null;
  readonly contactIds?: readonly string[] | null;
}

const mostPeople = 200;

/** Input fields for members and contacts. */
export const peopleInput = (t: InputFields, members: string, contacts: string) => ({
  userIds: t.idList({ description: members }),
  contactIds: t.idList({ description: contacts }),
});

function demandAll(wanted: readonly string[], found: readonly string[], field: string, what: string): void {
  const missing = wanted.findIndex((id) => !found.includes(id));
  if (missing >= 0) throw new UserError('NOT_FOUND', `There is no such ${what}.`, [field, String(missing)]);
}

async function findMembers({ db }: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const where = { userId: { in: [...ids] }, status: 'active' };
  const found = await db.member.findMany({ where, select: { userId: true } });
  demandAll(
    ids,
    found.map(({ userId }) => userId),
    'userIds',
    'member',
  );
}

async function findContacts({ db }: Context, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const found = await db.contact.findMany({ where: { id: { in: [...ids] }, deletedAt: null }, select: { id: true } });
  demandAll(
    ids,
    found.map(({ id }) => id),
    'contactIds',
    'contact',
  );
}

/**
 * The people of an input, each once: active members and live contacts.
 *
 * @throws UserError with the place of the first who is not there.
 */
export async function findPeople(context: Context, { userIds, contactIds }: Named): Promise<Person[]> {
  const members = (userIds ?? []).map((id, index) => uuidAt('Member', id, ['userIds', String(index)]));
  const contacts = (contactIds ?? []).map((id, index) => uuidAt('Contact', id, ['contactIds', String(index)]));
  if (members.length + contacts.length > mostPeople)
    throw new UserError('BAD_USER_INPUT', `At most ${mostPeople} people at once.`, ['userIds']);
  await findMembers(context, members);
  await findContacts(context, contacts);
  return [
    ...[...new Set(members)].map((userId) => ({ userId })),
    ...[...new Set(contacts)].map((contactId) => ({ contactId })),
  ];
}
