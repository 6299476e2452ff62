/**
 * The one place where what Postgres and Prisma say becomes what a client may read. Constraint names lead to input fields:
 * `contacts_email_key` is the field `email` of contacts.
 */
import type pg from 'pg';
import {
  forbidden,
  GatewayError,
  switchedOff,
  timedOut,
  UserError,
  unauthenticated,
  unavailable,
  unusableId,
} from '../errors.ts';
import { dutyRules, type Rule } from './duty-rules.ts';
import { PoolBusyError, TransactionEndedError } from './pool-errors.ts';

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Rules that a name alone does not explain. */
const rules: Readonly<Record<string, Rule>> = {
  ...dutyRules,
  org_members_last_owner: [['role'], 'At least one active owner must remain.', 'CONFLICT'],
  org_members_owner_only: [['role'], 'Only an owner makes or unmakes owners.', 'FORBIDDEN'],
  org_invitations_email_key: [['email'], 'An invitation to this address is pending already. Revoke it first.'],
  feature_flags_feature_key_check: [
    ['featureKey'],
    'A key has up to 64 lower-case letters, digits, dots and underscores, a letter first.',
  ],
  leads_identity_check: [['firstName'], 'A lead needs a name, a mail address or a company.'],
  deals_stage_id_fkey: [['stageId'], 'That stage does not exist in this pipeline.'],
  organizations_slug_check: [['slug'], 'A slug has 2 to 63 lower-case letters, digits and single hyphens.'],
  pipelines_is_default_key: [['isDefault'], 'There is a default pipeline already.'],
  accounts_tags_limit: [['tags'], 'An account has at most 30 tags.'],
  contacts_tags_limit: [['tags'], 'A contact has at most 30 tags.'],
  invoices_issued: [['id'], 'An issued invoice stays. Void it instead.', 'CONFLICT'],
  invoices_fixed: [['id'], 'Of an issued invoice only the notes change.', 'CONFLICT'],
  invoices_status_move: [['id'], 'There is no way from the status of this invoice to that one.', 'CONFLICT'],
  invoices_nothing: [['id'], 'An invoice that comes to 0 is not issued.', 'CONFLICT'],
  invoices_due_on_check: [['dueOn'], 'An invoice is not due before it is issued.'],
  invoices_subtotal_cents_check: [['unitPriceCents'], 'The lines of an invoice come to 0 or more.'],
  invoices_tax_cents_check: [['taxRateBps'], 'The tax of an invoice is 0 or more.'],
  invoice_line_items_fixed: [['id'], 'Lines change only while their invoice is a draft.', 'CONFLICT'],
  invoice_time_entries_time_entry_id_key: [['id'], 'Some of this time was billed meanwhile. Try again.'],
  payments_currency_same: [['currency'], 'A payment is in the currency of its invoice.'],
  payments_invoice_open: [['invoiceId'], 'Nothing is left to pay on this invoice.', 'CONFLICT'],
  payments_amount_cents_balance: [['amountCents'], 'This is more than what is left to pay.', 'CONFLICT'],
  expenses_note_check: [['note'], 'A note says something, or is left out.'],
  expenses_fixed: [['id'], 'An expense that was submitted is fixed until it is rejected.', 'CONFLICT'],
  expenses_status_move: [['id'], 'There is no way from the status of this expense to that one.', 'CONFLICT'],
  files_name_check: [['name'], 'A file name has 1 to 255 characters, and no slashes or control characters.'],
  files_mime_type_check: [['mimeType'], 'A media type is written like image/png, without parameters.'],
  files_sha256_check: [['sha256'], 'A SHA-256 checksum has 64 hexadecimal digits.'],
  files_size_bytes_check: [['sizeBytes'], 'A file has at least one byte.'],
  attachments_file_id_key: [['fileId'], 'This file is attached to that record already.'],
  integration_credentials_provider_check: [
    ['provider'],
    'A provider has up to 63 lower-case letters, digits, dots, hyphens and underscores, a letter first.',
  ],
  integration_credentials_provider_key: [['label'], 'There is a credential of this provider with this label already.'],
  webhook_endpoints_url_key: [['url'], 'There is an endpoint with this address already.'],
  webhook_endpoints_event_types_check: [['eventTypes'], 'Name 1 to 100 event types, or * for everything.'],
  approvals_entity_id_key: [['entityId'], 'A decision on this record is pending already.'],
  approvals_approver_id_check: [['approverId'], 'Name the approver: admins do not see this record.'],
  approvals_status_move: [['id'], 'This approval is decided already.', 'CONFLICT'],
  approvals_approver_guard: [['id'], 'Only the approver or an admin decides.', 'FORBIDDEN'],
  approvals_own_guard: [['id'], 'Nobody decides on a request of their own, but an owner.', 'FORBIDDEN'],
  approvals_canceler_guard: [['id'], 'Only the member who asked or an admin calls it off.', 'FORBIDDEN'],
  notifications_type_check: [['type'], 'A type has up to 100 lower-case letters, digits, underscores and dots.'],
  jobs_status_move: [['id'], 'A job in this state does not go there.', 'CONFLICT'],
  contracts_ends_on_check: [['endsOn'], 'The last day is before the first.'],
  projects_tags_limit: [['tags'], 'A project has at most 30 tags.'],
  projects_ends_on_check: [['endsOn'], 'The last day is before the first.'],
  project_phases_ends_on_check: [['endsOn'], 'The last day is before the first.'],
  project_members_user_id_key: [['userId'], 'This person works on the project already.'],
  tasks_tags_limit: [['tags'], 'A task has at most 30 tags.'],
  tasks_phase_id_fkey: [['phaseId'], 'There is no such phase in this project.'],
  tasks_milestone_id_fkey: [['milestoneId'], 'There is no such milestone in this project.'],
  tasks_parent_task_id_fkey: [['parentTaskId'], 'There is no such task in this project.'],
  tasks_parent_task_id_check: [['parentTaskId'], 'A task cannot be a part of itself or of one of its parts.'],
  tasks_story_points_check: [['storyPoints'], 'A task has 0 to 100 story points.'],
  subtask_assignees_user_id_key: [['userId'], 'This person does the subtask already.'],
  time_entries_task_id_fkey: [['taskId'], 'There is no such task in this project.'],
  time_entries_duration_minutes_check: [['durationMinutes'], 'Time is logged in 1 to 1440 minutes a day.'],
  time_entries_timesheet_lock: [
    ['id'],
    'The timesheet of that day is submitted or approved, so its time stays as it is.',
    'CONFLICT',
  ],
  timesheets_period_key: [['periodStartOn'], 'This person has a timesheet for some of these days already.'],
  timesheets_period_end_on_check: [['periodEndOn'], 'A timesheet has 1 to 31 days.'],
  timesheets_lock: [['id'], 'A timesheet that is submitted or approved keeps its person and days.', 'CONFLICT'],
  employees_manager_id_cycle: [['managerId'], 'Nobody is above themselves: that manager is the employee, or below.'],
  employees_terminated_on_check: [['terminatedOn'], 'The last day is before the first.'],
  employees_user_id_key: [['userId'], 'Another employee is this member already.'],
  performance_reviews_by_manager: [['employeeId'], 'Reviews are written by managers and admins.', 'FORBIDDEN'],
  performance_reviews_by_person: [['id'], 'A review is acknowledged by the person whom it is about.', 'FORBIDDEN'],
  performance_reviews_locked: [['id'], 'This review is submitted and stays as it is.', 'CONFLICT'],
  performance_reviews_submitted_check: [['id'], 'This review has no rating yet.', 'CONFLICT'],
  leave_requests_ends_on_check: [['endsOn'], 'Leave ends on its first day or up to two years later.'],
  leave_requests_approved_excl: [['id'], 'The employee has approved leave on some of these days.'],
  leave_requests_by_line: [['employeeId'], 'Leave is asked for by the employee, managers and admins.', 'FORBIDDEN'],
  leave_requests_of_others: [['id'], 'Nobody but an owner decides on their own leave.', 'FORBIDDEN'],
  training_enrollments_by_manager: [['employeeId'], 'Employees are enrolled by managers and admins.', 'FORBIDDEN'],
  training_enrollments_course_id_key: [['employeeId'], 'This employee is enrolled in this course already.'],
  slas_priority_key: [['priority'], 'There is an active SLA for this priority already.'],
  slas_resolution_minutes_check: [['resolutionMinutes'], 'A solution takes no less time than the first answer.'],
  tickets_tags_limit: [['tags'], 'A ticket has at most 30 tags.'],
  service_agreements_starts_on_check: [['startsOn'], 'An agreement that is active has a first day.'],
  service_agreements_ends_on_check: [['endsOn'], 'The last day is before the first.'],
  warranties_ends_on_check: [['endsOn'], 'The last day is before the first.'],
  task_devices_device_id_key: [['deviceId'], 'The task is about this device already.'],
  dispatch_assignments_subject_check: [['ticketId'], 'A visit is for a task or for a ticket: give one of the two.'],
  dispatch_assignments_ends_at_check: [['endsAt'], 'It ends before it begins.'],
  dispatch_assignments_overlap: [['startsAt'], 'The technician has another visit at that time.'],
  conversation_participants_person_check: [['userId'], 'Name a member or a contact, and not both.'],
  conversation_participants_user_id_key: [['userId'], 'This member takes part already.'],
  conversation_participants_contact_id_key: [['contactId'], 'This contact takes part already.'],
  conversation_participants_direct_check: [
    ['conversationId'],
    'A direct conversation has two people, always the same.',
    'CONFLICT',
  ],
  messages_body_sender: [['body'], 'Only its sender changes the words of a message.', 'FORBIDDEN'],
  messages_body_check: [['body'], 'A message has at least one letter.'],
  events_ends_at_check: [['endsAt'], 'An event ends after it begins.'],
  events_length_check: [['endsAt'], 'A repeating event ends within 366 days of its start.'],
  events_is_all_day_check: [['isAllDay'], 'Whole days begin and end at 00:00 UTC.'],
  event_attendees_person_check: [['userId'], 'Name a member or a contact, and not both.'],
  event_attendees_user_id_key: [['userId'], 'This member is invited already.'],
  event_attendees_contact_id_key: [['contactId'], 'This contact is invited already.'],
  system_services_service_id_key: [['serviceId'], 'This system has that service already.'],
  project_systems_system_id_key: [['systemId'], 'This project has that system already.'],
  project_services_service_id_key: [['serviceId'], 'This project has that service already.'],
  wizard_sessions_ended: [['id'], 'This wizard session has ended and stays as it is.', 'CONFLICT'],
  wizard_answers_ended: [['id'], 'The wizard session of this answer has ended, so its answers stay.', 'CONFLICT'],
  wizard_answers_question_key_check: [
    ['questionKey'],
    'A question has up to 63 lower-case letters, digits and underscores, a letter first.',
  ],
  roadmaps_context_snapshot_id_fkey: [['contextSnapshotId'], 'There is no such snapshot of this project.'],
  cms_sections_key_check: [['key'], 'A key has 1 to 63 lower-case letters, digits and single hyphens.'],
  cms_items_slug_check: [['slug'], 'A slug has 1 to 100 lower-case letters, digits and single hyphens.'],
  roadmap_phases_archived: [['roadmapId'], 'This roadmap is archived, so its phases stay.', 'CONFLICT'],
  roadmap_phases_ends_on_check: [['endsOn'], 'The last day is before the first.'],
};

/** The input field that a constraint speaks of. */
function fieldOf(error: pg.DatabaseError): readonly string[] {
  if (error.column) return [camel(error.column)];
  const constraint = error.constraint ?? '';
  const bare = constraint.startsWith(`${error.table}_`) ? constraint.slice((error.table ?? '').length + 1) : '';
  const column = bare.replace(/_(key|fkey|check|limit|idx)$/, '');
  return column ? [camel(column)] : [];
}

function constraintError(error: pg.DatabaseError): UserError | null {
  const [path, message, code] = rules[error.constraint ?? ''] ?? [fieldOf(error), undefined];
  const field = path.at(-1) ?? 'value';
  switch (error.code) {
    case '23505':
      if (error.constraint?.endsWith('_pkey')) return unusableId();
      return new UserError('CONFLICT', message ?? `That ${field} is taken already.`, path);
    case '23503':
      return error.message.startsWith('update or delete')
        ? new UserError('CONFLICT', `Still used by ${error.table?.replaceAll('_', ' ')}.`, ['id'])
        : new UserError('NOT_FOUND', message ?? `There is no such ${field.replace(/Id$/, '')}.`, path);
    case '23514':
      return new UserError(code ?? 'BAD_USER_INPUT', message ?? `The value of ${field} is not allowed.`, path);
    case '23502':
      return new UserError('BAD_USER_INPUT', `${field} is required.`, path);
    case '42501':
      return message && code ? new UserError(code, message, path) : null;
    case '23P01':
      return new UserError('CONFLICT', message ?? `Overlaps with another ${field}.`, path);
    default:
      return null;
  }
}

/** The token's subject has no row: this is their first sign-in. If it still has none after that, the account was deleted. */
export class UnknownUserError extends GatewayError {
  constructor() {
    super('FORBIDDEN', 'This account is disabled.');
    this.name = 'UnknownUserError';
  }
}

/** Errors raised by the `app.*` functions. */
const ours: Readonly<Record<string, (error: pg.DatabaseError) => Error>> = {
  GW001: () => new UnknownUserError(),
  GW002: () => forbidden('This account is disabled.'),
  GW003: () => forbidden('You are not a member of this organization, or it does not exist.'),
  GW004: () => unauthenticated('This API key is unknown, expired or revoked.'),
  GW005: () => forbidden('Another account uses this mail address. Sign in with that account.'),
  GW007: ({ detail }) => new GatewayError('UNAVAILABLE', `Sign-up: ${switchedOff(detail)}`),
  GW008: () =>
    new GatewayError('CONFLICT', 'This Idempotency-Key was sent before, with another request. Use a new key for each.'),
  GW024: () =>
    new UserError(
      'FORBIDDEN',
      'This invitation is for another address. Sign in as the person who was invited, with an address that is verified.',
      ['token'],
    ),
  GW006: () =>
    new UserError('NOT_FOUND', 'This invitation does not exist, or it was used, revoked or has expired.', ['token']),
};

function databaseError(error: pg.DatabaseError): Error | null {
  const code = error.code ?? '';
  if (Object.hasOwn(ours, code)) return ours[code]?.(error) ?? null;
  if (code === '42501') return constraintError(error) ?? forbidden('You may not do this.');
  if (code === '57014' || code === '55P03') return timedOut('The database took too long.');
  if (code === '25P03' || code === '25P04') return timedOut('The request took too long.');
  if (code === '25006') return unavailable('The database is read-only at the moment.');
  if (code === '40001' || code === '40P01')
    return new UserError('CONFLICT', 'Somebody changed the same rows. Try again.');
  if (/^(08|53|57P)/.test(code)) return unavailable('The database is not available. Try again in a moment.');
  if (/^22/.test(code)) return new UserError('BAD_USER_INPUT', 'A value does not fit its column.', fieldOf(error));
  return constraintError(error);
}

/** The embedded database has an error class of its own, so the shape decides. */
const isDatabaseError = (error: unknown): error is pg.DatabaseError =>
  error instanceof Error && 'severity' in error && 'code' in error;

const networkCodes = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'];
const lostConnection =
  /connection terminated|not queryable|timeout exceeded when trying to connect|server closed the connection|embedded database was stopped/i;

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

function outage(error: Error): GatewayError | null {
  if (error instanceof PoolBusyError) return unavailable('The server is busy. Try again in a moment.');
  if (error instanceof TransactionEndedError) return timedOut('The request took too long.');
  if (networkCodes.includes(codeOf(error)) || lostConnection.test(error.message)) {
    return unavailable('The database is not available. Try again in a moment.');
  }
  if (codeOf(error) !== 'P2028') return null;
  return /unable to start/i.test(error.message)
    ? unavailable('The server is busy. Try again in a moment.')
    : timedOut('The request took too long.');
}

/** The connection was lost at COMMIT: the work may have been saved, so nobody repeats it unasked. */
export const outcomeUnknown = (): GatewayError =>
  new GatewayError(
    'UNAVAILABLE',
    'The connection was lost while saving. Look whether it was saved before you repeat it.',
    { retryable: false },
  );

/** The database's own error inside what Prisma throws, in each of the shapes it comes in. */
function causeOf(error: unknown): { originalCode?: string; kind?: string } {
  if (typeof error !== 'object' || error === null) return {};
  const own = 'cause' in error ? error.cause : undefined;
  const meta = 'meta' in error ? (error.meta as { driverAdapterError?: { cause?: object } } | undefined) : undefined;
  return (meta?.driverAdapterError?.cause ?? own ?? {}) as { originalCode?: string; kind?: string };
}

/**
 * Whether the whole transaction may be run again. Conflicts come in three shapes: P2034 from a model call, P2010 with the
 * SQLSTATE inside from a raw call, and a bare DriverAdapterError at COMMIT.
 */
export function isRetryable(error: unknown): boolean {
  if (codeOf(error) === 'P2034' || ['40001', '40P01'].includes(codeOf(error))) return true;
  const cause = causeOf(error);
  return cause.kind === 'TransactionWriteConflict' || ['40001', '40P01'].includes(cause.originalCode ?? '');
}

/**
 * Translates whatever a transaction threw. Errors made for clients pass; what is left is a bug and stays as it is.
 *
 * @param failure what Postgres said of the first statement that failed in that transaction, before Prisma dressed it up.
 */
export function translateError(error: unknown, failure?: Error): unknown {
  if (error instanceof GatewayError || error instanceof UserError) return error;
  if (isDatabaseError(failure)) return databaseError(failure) ?? error;
  if (isDatabaseError(error)) return databaseError(error) ?? error;
  if (failure) return outage(failure) ?? (error instanceof Error ? (outage(error) ?? error) : error);
  return error instanceof Error ? (outage(error) ?? error) : error;
}
