import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import type { Input, Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type StatusMove } from '../../graphql/status.ts';

/** The next state of each, and the moment that is noted with it. */
const next: Readonly<Record<string, { readonly to: string; readonly stamp?: string }>> = {
  scheduled: { to: 'en_route' },
  en_route: { to: 'on_site', stamp: 'arrivedAt' },
  on_site: { to: 'done', stamp: 'completedAt' },
};

const cancellation: StatusMove = { from: ['scheduled', 'en_route'], to: 'canceled', done: 'canceled' };

async function advance(input: Input, context: Context): Promise<Written> {
  const step = { from: Object.keys(next), done: 'taken a step further' };
  const visit = await rowIn(context, 'DispatchAssignment', input, step);
  const { to, stamp } = next[visit.status] ?? {};
  return moveRow(context, 'DispatchAssignment', visit, { status: to, ...(stamp && { [stamp]: new Date() }) });
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
