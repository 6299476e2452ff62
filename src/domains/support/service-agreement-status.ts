import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { type Input, liveRow, type Written } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';
import { today } from '../../graphql/today.ts';

const activation: StatusMove = { from: ['draft'], to: 'active', done: 'activated' };
const cancellation: StatusMove = { from: ['draft', 'active'], to: 'canceled', done: 'canceled' };

async function activate(input: Input, context: Context): Promise<Written> {
  const { startsOn, endsOn, version } = await liveRow(context, 'ServiceAgreement', input, {
    startsOn: true,
    endsOn: true,
  });
  if (endsOn && (endsOn as Date) < today())
    throw new UserError('CONFLICT', 'The last day of this service agreement is over.', ['id'], version);
  const move = { ...input, expectedVersion: version };
  return moveStatus(context, 'ServiceAgreement', move, activation, { startsOn: startsOn ?? today() });
}

const common = { permission: 'support:write', input: TargetInput, returns: 'ServiceAgreement' } as const;

mutation({
  ...common,
  name: 'serviceAgreementActivate',
  description: 'Marks a draft as agreed on. It holds from its first day on, which is today unless it has one.',
  run: activate,
});

mutation({
  ...common,
  name: 'serviceAgreementCancel',
  description: 'Ends a service agreement at once. Tickets keep the SLA that they have.',
  run: (input, context) => moveStatus(context, 'ServiceAgreement', input, cancellation),
});
