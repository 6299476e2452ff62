import { can } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { madeRow, mutation, payloadRow } from '../../graphql/mutation.ts';
import { changeRow, createRow, lockRow, rowData } from '../../graphql/rows.ts';

const ClientOnboardInput = builder.inputType('ClientOnboardInput', {
  description: 'Which account becomes a client, and what it begins with.',
  fields: (t) => ({
    accountId: t.id({ required: true, description: 'The account, which must not be a client yet.' }),
    projectName: t.string({ description: 'The name of the first project; that of the account unless given.' }),
    managerId: t.id({
      description:
        'Who runs the project and the kick-off. Unless given, the caller holds the kick-off, and runs the project if they name managers: naming one needs `projects:assign`.',
    }),
    startsOn: t.field({ type: 'Date', description: 'The first day of the project; open unless given.' }),
    kickOffOn: t.field({ type: 'Date', description: 'When the kick-off is due; a week from today unless given.' }),
  }),
});

type Wishes = typeof ClientOnboardInput.$inferInput;

interface Account {
  readonly id: string;
  readonly name: string;
}

/** The account; locked, so that of two calls at the same moment one finds a client. */
async function newClient(context: Context, { accountId }: Wishes): Promise<Account> {
  const { accountId: id } = rowData<{ accountId: string }>('Project', { accountId });
  await lockRow(context, 'Account', { id });
  const columns = { id: true, name: true, lifecycle: true, version: true };
  const account = await context.db.account.findFirst({ where: { id, deletedAt: null }, select: columns });
  if (!account) throw new UserError('NOT_FOUND', 'There is no such account.', ['accountId']);
  if (account.lifecycle !== 'client') return account;
  throw new UserError('CONFLICT', 'This account is a client already.', ['accountId'], account.version);
}

const week = 7 * 86_400_000;

const newProject = (context: Context, account: Account, { projectName, startsOn }: Wishes, managerId: unknown) =>
  createRow(context, 'Project', {
    name: projectName || account.name,
    accountId: account.id,
    managerId,
    startsOn: startsOn ?? undefined,
  });

const newTask = (context: Context, account: Account, projectId: string, { kickOffOn }: Wishes, assigneeId: unknown) =>
  createRow(context, 'Task', {
    title: `Kick-off with ${account.name}`,
    projectId,
    assigneeId,
    priority: 'high',
    dueOn: kickOffOn ?? new Date(Date.now() + week),
  });

async function newConversation(context: Context, account: Account): Promise<string> {
  const { id } = await createRow(context, 'Conversation', {
    type: 'client',
    title: account.name,
    accountId: account.id,
  });
  const { userId } = context.scope;
  if (userId) await createRow(context, 'ConversationParticipant', { conversationId: id, userId });
  return id;
}

/** All of it or, as everything here is one transaction, nothing. */
async function onboard(input: Wishes, context: Context) {
  const account = await newClient(context, input);
  const { scope } = context;
  const decides = can(scope, 'projects:assign') && can(scope, 'delivery:destroy');
  const project = await newProject(context, account, input, input.managerId ?? (decides ? scope.userId : null));
  const task = await newTask(context, account, project.id, input, input.managerId ?? scope.userId);
  const conversationId = await newConversation(context, account);
  const written = await changeRow(context, 'Account', { id: account.id, data: { lifecycle: 'client' } });
  return { ...written, extra: { projectId: project.id, taskId: task.id, conversationId } };
}

mutation({
  name: 'clientOnboard',
  description:
    'Makes an account a client, with a project, a conversation in which the caller takes part, and a task for the kick-off. An account that is a client already is refused.',
  permission: 'crm:write',
  besides: ['delivery:write', 'communication:write'],
  input: ClientOnboardInput,
  returns: 'Account',
  payload: (t) => ({
    project: payloadRow(t, 'Project', 'The first project.', madeRow('projectId')),
    conversation: payloadRow(t, 'Conversation', 'The conversation with the client.', madeRow('conversationId')),
    task: payloadRow(t, 'Task', 'The task to hold the kick-off.', madeRow('taskId')),
  }),
  run: onboard,
});
