import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { type Input, liveRow, type Written } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from './status-move.ts';

/** The next state of each, and the moment that is noted with it. */
const next: Readonly<Record<string, { readonly to: string; readonly stamp?: string }>> = {
  scheduled: { to: 'en_route' },
  en_route: { to: 'on_site', stamp: 'arrivedAt' },
  on_site: { to: 'done', stamp: 'completedAt' },
};

const cancellation: StatusMove = { from: ['scheduled', 'en_route'], to: 'canceled', step: 'canceled' };

async function advance(input: Input, context: Context): Promise<Written> {
  const { status, version } = await liveRow(context, 'DispatchAssignment', input, { status: true });
  const { to, stamp } = next[String(status)] ?? { to: '' };
  const move = { from: Object.keys(next), to, step: 'taken a step further' };
  const data = stamp ? { [stamp]: new Date() } : {};
  return moveStatus(context, 'DispatchAssignment', { ...input, expectedVersion: version }, move, data);
}

const common = { permission: 'support:write', input: TargetInput, returns: 'DispatchAssignment' } as const;

mutation({
  ...common,
  name: 'dispatchAssignmentAdvance',
  description:
    'Takes a visit one step further: from SCHEDULED to EN_ROUTE, ON_SITE and DONE. Notes when the technician arrived and was done. The ticket or task stays as it is.',
  run: advance,
});

mutation({
  ...common,
  name: 'dispatchAssignmentCancel',
  description: 'Cancels a visit before the technician is there. The technician is free for others.',
  run: (input, context) => moveStatus(context, 'DispatchAssignment', input, cancellation),
});
