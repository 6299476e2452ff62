/**
 * The words of the rules that the database holds of who may give, write and decide what, whoever asks. The names are those of
 * `app.refuse`: the table, and the rule.
 */
import type { ErrorCode } from '../errors.ts';

/** Where a rule leads to in an input, what it says, and the code where the kind of error does not tell. */
export type Rule = readonly [path: readonly string[], message: string, code?: ErrorCode];

export const dutyRules: Readonly<Record<string, Rule>> = {
  org_members_not_held: [
    ['id'],
    'Nobody gives, changes or takes permissions that they do not have themselves.',
    'FORBIDDEN',
  ],
  org_invitations_not_held: [['role'], 'Nobody invites to permissions that they do not have themselves.', 'FORBIDDEN'],
  org_invitations_sender: [['id'], 'An invitation stays that of whoever sent it.', 'FORBIDDEN'],
  api_keys_not_held: [['scopes'], 'A key has no permission that you do not have yourself.', 'FORBIDDEN'],
  organizations_owner_only: [['id'], 'Only an owner closes an organization.', 'FORBIDDEN'],
  subscriptions_plan_paid: [
    ['plan'],
    'A higher plan begins when the payment provider says that it is paid for. A lower one can be chosen.',
    'FORBIDDEN',
  ],
  subscriptions_seats_paid: [
    ['seats'],
    'More seats come when the payment provider says that they are paid for. Fewer can be chosen.',
    'FORBIDDEN',
  ],
  expenses_status_new: [['status'], 'A new expense is a draft.', 'BAD_USER_INPUT'],
  expenses_decider: [['id'], 'Expenses are decided on by whoever has finance:destroy.', 'FORBIDDEN'],
  expenses_of_others: [['id'], 'Somebody else decides on your expense.', 'FORBIDDEN'],
  approvals_request_fixed: [['id'], 'What was asked for, and of whom, stays as it is.', 'CONFLICT'],
  projects_manager_id_named: [['managerId'], 'Who runs a project is named with projects:assign.', 'FORBIDDEN'],
  projects_manager_id_self: [['managerId'], 'Only admins name themselves as the manager of a project.', 'FORBIDDEN'],
  project_members_rates: [['billRateCents'], 'Rates are set with rates:write.', 'FORBIDDEN'],
  time_entries_rates: [['billRateCents'], 'Rates are set with rates:write.', 'FORBIDDEN'],
  time_entries_own: [
    ['id'],
    'Time is logged and changed by its person, the manager of the project and admins.',
    'FORBIDDEN',
  ],
  timesheets_own: [['id'], 'Only its person and admins write, submit and delete a timesheet.', 'FORBIDDEN'],
  timesheets_of_others: [['id'], 'Nobody but an owner decides on a timesheet of their own.', 'FORBIDDEN'],
  timesheets_decider: [['id'], 'Only admins and the manager of the project decide on this.', 'FORBIDDEN'],
  timesheets_status_move: [['id'], 'There is no way from the status of this timesheet to that one.', 'CONFLICT'],
  deliverables_decider: [['id'], 'Only admins and the manager of the project decide on this.', 'FORBIDDEN'],
  deliverables_of_others: [['id'], 'Nobody but an owner decides on what they handed in.', 'FORBIDDEN'],
  deliverables_submitted_by_id: [['id'], 'Who handed a deliverable in is who did.', 'FORBIDDEN'],
  deliverables_status_move: [['id'], 'There is no way from the status of this deliverable to that one.', 'CONFLICT'],
  leave_requests_fixed: [['id'], 'Leave stays that of its employee, and its days once it was decided on.', 'CONFLICT'],
  conversation_participants_own: [['id'], 'Only what you have read is yours to change.', 'FORBIDDEN'],
  event_attendees_own: [['id'], 'Only your answer is yours to change.', 'FORBIDDEN'],
};
