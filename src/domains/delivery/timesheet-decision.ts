import { can, isCaller } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { lockedRowIn, moveRow, type Step } from '../../graphql/status.ts';

const TimesheetRejectInput = builder.inputType('TimesheetRejectInput', {
  description: 'Which timesheet is rejected, and why.',
  fields: (t) => ({ ...target(t), note: t.string({ description: 'Why; for the person to read.' }) }),
});

/** The lock keeps time from coming in while the state changes. */
const timesheetIn = (context: Context, input: Input, step: Step) =>
  lockedRowIn<{ readonly userId: string }>(context, 'Timesheet', input, step, { userId: true });

/** Takes up the time that the person logged in the period and that stands on no sheet. Gives how many entries it has then. */
async function collect({ db }: Context, id: string): Promise<number> {
  await db.$executeRaw`
    update time_entries entry set timesheet_id = sheet.id from timesheets sheet
      where sheet.id = ${id}::uuid and entry.user_id = sheet.user_id and entry.timesheet_id is null and entry.deleted_at is null
        and entry.logged_on between sheet.period_start_on and sheet.period_end_on`;
  return db.timeEntry.count({ where: { timesheetId: id, deletedAt: null } });
}

async function submit(input: Input, context: Context): Promise<Written> {
  const sheet = await timesheetIn(context, input, { from: ['draft', 'rejected'], done: 'submitted' });
  const { scope } = context;
  if (!isCaller(scope, sheet.userId) && !can(scope, 'delivery:destroy'))
    throw new UserError('FORBIDDEN', 'Only its person and admins submit a timesheet.', ['id']);
  if ((await collect(context, sheet.id)) === 0)
    throw new UserError('CONFLICT', 'There is no time in the period of this timesheet.', ['id'], sheet.version);
  const data = { status: 'submitted', submittedAt: new Date(), decidedAt: null, decidedById: null };
  return moveRow(context, 'Timesheet', sheet, data);
}

/** Who decides, the database watches over. */
async function decide(input: Input, context: Context, step: Step, data: Input): Promise<Written> {
  const sheet = await timesheetIn(context, input, step);
  return moveRow(context, 'Timesheet', sheet, { ...data, decidedAt: new Date(), decidedById: context.scope.userId });
}

const common = { permission: 'delivery:write', returns: 'Timesheet' } as const;
const whoDecides = 'For admins and whoever manages all of its projects, and for nobody their own, but for owners.';

mutation({
  ...common,
  name: 'timesheetSubmit',
  description:
    'Hands a timesheet in, with all the time that its person logged in the period. From here on that time is locked. For its person and admins.',
  input: TargetInput,
  run: submit,
});

mutation({
  ...common,
  name: 'timesheetApprove',
  description: `Approves a timesheet that was submitted. ${whoDecides}`,
  input: TargetInput,
  run: (input, context) => decide(input, context, { from: ['submitted'], done: 'approved' }, { status: 'approved' }),
});

mutation({
  ...common,
  name: 'timesheetReject',
  description: `Rejects a timesheet that was submitted or approved: its time can be changed again. ${whoDecides}`,
  input: TimesheetRejectInput,
  run: (input, context) => {
    const { note } = rowData<Input>('Timesheet', { note: input.note });
    const step = { from: ['submitted', 'approved'], done: 'rejected' };
    return decide(input, context, step, { status: 'rejected', note });
  },
});
