/** Which roadmap a project follows. What follows from it for the project and the roadmap before is the database's to do. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, rowId } from '../../graphql/rows.ts';

interface Standing {
  readonly status: string;
  readonly projectId: string;
  readonly project: { readonly deletedAt: Date | null };
  readonly version: number;
}

async function activate(input: Input, context: Context) {
  const columns = { status: true, projectId: true, project: { select: { deletedAt: true } } };
  const roadmap = (await liveRow(context, 'Roadmap', input, columns)) as unknown as Standing;
  const { status, projectId, project, version } = roadmap;
  const refuse = (message: string) => new UserError('CONFLICT', message, ['id'], version);
  if (status !== 'draft') throw refuse(`This roadmap is ${status}; only one that is draft can be activated.`);
  if (project.deletedAt) throw refuse('The project of this roadmap is deleted.');
  const id = rowId('Roadmap', input);
  const written = await changeRow(context, 'Roadmap', { id, expectedVersion: version, data: { status: 'active' } });
  return { ...written, extra: { projectId } };
}

async function archive(input: Input, context: Context) {
  const { status, version } = await liveRow(context, 'Roadmap', input, { status: true });
  if (status === 'archived') throw new UserError('CONFLICT', 'This roadmap is archived already.', ['id'], version);
  const id = rowId('Roadmap', input);
  return changeRow(context, 'Roadmap', { id, expectedVersion: version, data: { status: 'archived' } });
}

const common = { permission: 'delivery:write', input: TargetInput, returns: 'Roadmap' } as const;

mutation({
  ...common,
  name: 'roadmapActivate',
  description:
    'Makes a draft the roadmap that its project follows; the one before is archived. The first one starts the project: planning becomes active, from today on unless it has a first day.',
  payload: (t) => ({
    project: payloadRow(t, 'Project', 'The project as it is now.', ({ extra }) => extra.projectId),
  }),
  run: activate,
});

mutation({
  ...common,
  name: 'roadmapArchive',
  description: 'Gives a roadmap up. It stays on record with its phases, and its number is not given again.',
  run: archive,
});
