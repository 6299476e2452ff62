/** Which roadmap a project follows. What follows from it for the project and the roadmap before is the database's to do. */
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, payloadRow, TargetInput } from '../../graphql/mutation.ts';
import type { Input } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type StatusMove } from '../../graphql/status.ts';

interface OfProject {
  readonly projectId: string;
  readonly project: { readonly deletedAt: Date | null };
}

async function activate(input: Input, context: Context) {
  const step = { from: ['draft'], done: 'activated' };
  const columns = { projectId: true, project: { select: { deletedAt: true } } };
  const roadmap = await rowIn<OfProject>(context, 'Roadmap', input, step, columns);
  if (roadmap.project.deletedAt)
    throw new UserError('CONFLICT', 'The project of this roadmap is deleted.', ['id'], roadmap.version);
  const written = await moveRow(context, 'Roadmap', roadmap, { status: 'active' });
  return { ...written, extra: { projectId: roadmap.projectId } };
}

const archival: StatusMove = { from: ['draft', 'active'], to: 'archived', done: 'archived' };

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
  run: (input, context) => moveStatus(context, 'Roadmap', input, archival),
});
