import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { inWords } from '../../graphql/model.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, uuidAt, type Written } from '../../graphql/rows.ts';
import { TaskStatus } from './task.ts';

const TaskMoveInput = builder.inputType('TaskMoveInput', {
  description: 'Where a task goes on its board. Without a neighbor it goes to the end of its column.',
  fields: (t) => ({
    ...target(t),
    status: t.field({
      type: TaskStatus,
      description: 'The column; that of the neighbor unless given, or the one where the task is.',
    }),
    beforeId: t.id({ description: 'The task of the same project that it is to stand right before.' }),
    afterId: t.id({ description: 'The task of the same project that it is to stand right after.' }),
  }),
});

interface Card {
  readonly id: string;
  readonly projectId: string;
  readonly status: string;
  readonly version: number;
}

interface Neighbor {
  readonly field: 'beforeId' | 'afterId';
  readonly id: string;
}

function neighborOf({ beforeId, afterId }: Input, card: string): Neighbor | null {
  if (beforeId && afterId) throw new UserError('BAD_USER_INPUT', 'Give beforeId or afterId, not both.', ['afterId']);
  const field = beforeId ? 'beforeId' : 'afterId';
  const wanted = beforeId ?? afterId;
  if (!wanted) return null;
  const id = uuidAt('Task', wanted, [field]);
  if (id === card) throw new UserError('BAD_USER_INPUT', 'A task cannot stand beside itself.', [field]);
  return { field, id };
}

/** Boards change one card at a time, so that two cards are never given the same place. */
const lockBoard = ({ db }: Context, projectId: string) =>
  db.$queryRaw`select from projects where id = ${projectId}::uuid for no key update`;

/** The column of a neighbor, as it is while the board is locked. */
async function columnOf(context: Context, { projectId }: Card, { field, id }: Neighbor): Promise<string> {
  const found = await context.db.task.findFirst({
    where: { id, projectId, deletedAt: null },
    select: { status: true },
  });
  if (!found) throw new UserError('NOT_FOUND', 'There is no such task in this project.', [field]);
  return found.status;
}

/** A key between the neighbor and the card beyond it, or behind the last card of the column. */
async function positionIn({ db }: Context, card: Card, status: string, neighbor: Neighbor | null): Promise<string> {
  const [place] = await db.$queryRaw<{ position: string }[]>`
    with cards as (
      select id, position, lag(position) over board as previous, lead(position) over board as next
        from tasks where project_id = ${card.projectId}::uuid and status = ${status} and deleted_at is null and id <> ${card.id}::uuid
        window board as (order by position)
    )
    select case
        when ${neighbor?.field ?? null}::text = 'beforeId' then (select app.key_between(previous, position) from cards where id = ${neighbor?.id ?? null}::uuid)
        when ${neighbor?.field ?? null}::text = 'afterId' then (select app.key_between(position, next) from cards where id = ${neighbor?.id ?? null}::uuid)
        else app.key_between((select max(position) from cards), null) end as position`;
  return place?.position ?? '';
}

async function moveTask(context: Context, input: Input): Promise<Written> {
  const columns = { id: true, projectId: true, status: true };
  const card = (await liveRow(context, 'Task', input, columns)) as unknown as Card;
  const neighbor = neighborOf(input, card.id);
  await lockBoard(context, card.projectId);
  const column = neighbor && (await columnOf(context, card, neighbor));
  const status = String(input.status ?? column ?? card.status);
  if (neighbor && column !== status) {
    const where = `That task is ${inWords(column ?? '')}, not ${inWords(status)}.`;
    throw new UserError('CONFLICT', where, [neighbor.field], card.version);
  }
  const data = { status, position: await positionIn(context, card, status, neighbor) };
  return changeRow(context, 'Task', { id: card.id, expectedVersion: card.version, data });
}

mutation({
  name: 'taskMove',
  description: 'Moves a task on its board: to another column, before or after another task. No other task changes.',
  permission: 'delivery:write',
  input: TaskMoveInput,
  returns: 'Task',
  run: (input, context) => moveTask(context, input),
});
