/**
 * What each table asks for, by the API's own types: its rows are read with the permission of their type, written with the one
 * to write in that area, and removed for good with the one to destroy where they are hidden first. What differs is said here.
 */
import { isPermission, type Permission, permissions } from '../../src/auth/permissions.ts';
import { findReadable } from '../../src/graphql/connection.ts';
import { isSoft, modelNames } from '../../src/graphql/model.ts';
import { tableSql } from '../../src/graphql/sql-names.ts';
import type { Table } from '../support/catalog.ts';
import type { Operation } from './matrix.ts';
import '../../src/schema.ts';

/** All permissions that an operation needs; null when nobody may do it. */
export type Needs = Readonly<Record<Operation, readonly Permission[] | null>>;

const areaOf = (permission: Permission): string => permission.split(':')[0] ?? '';
const named = (area: string, verb: string): Permission => `${area}:${verb}` as Permission;

const modelOf = new Map(modelNames.map((model) => [tableSql(model).sql.replaceAll('"', ''), model]));

const append = { change: null, remove: null };
const log = { add: null, change: null, remove: null };
/** The rows of others, of which no row here is the caller's own. */
const personal = (whole: Permission, write: Permission = named(areaOf(whole), 'write')) => ({
  read: [named(areaOf(whole), 'read'), whole],
  add: [write, whole],
  change: [write, whole],
  remove: [write, whole],
});
const nobodys = { read: null, add: null, change: null, remove: null };

const ofViewers = Object.keys(permissions).filter(
  (name): name is Permission => isPermission(name) && permissions[name] === 'viewer',
);

/** What is different from the usual, by table. */
const differing: Readonly<Record<string, Partial<Needs>>> = {
  activities: append,
  payments: append,
  task_activities: append,
  brief_versions: append,
  context_snapshots: append,
  ai_run_logs: append,
  analytics_events: append,
  file_storage_stats: log,
  audit_logs: log,
  change_events: log,
  api_request_logs: log,
  webhook_deliveries: log,
  idempotency_keys: { read: ['audit:read'], ...log },
  number_series: { read: ['audit:read'], ...log },
  employees: personal('people:destroy', 'people:destroy'),
  performance_reviews: personal('people:destroy'),
  leave_requests: { ...personal('people:destroy'), remove: ['people:destroy'] },
  training_enrollments: personal('people:destroy'),
  notifications: nobodys,
  expenses: { ...personal('finance:destroy'), remove: ['finance:destroy'] },
  time_entries: { ...personal('delivery:destroy'), read: ['delivery:read'], remove: ['delivery:destroy'] },
  timesheets: { ...personal('delivery:destroy'), read: ['delivery:read'] },
  org_invitations: { add: ['members:write', ...ofViewers] },
  org_members: { add: ['members:write', 'organization:own'], remove: ['members:write', 'organization:own'] },
  event_attendees: { change: null },
  conversations: { remove: ['communication:destroy'] },
  messages: { add: null, change: ['communication:write', 'communication:destroy'] },
  jobs: { remove: ['platform:destroy'] },
  feature_flags: { remove: ['organization:write'] },
  subscriptions: log,
  roadmaps: { remove: null },
};

/** What a table asks for. */
export function needsOf({ name }: Table): Needs {
  const model = modelOf.get(name) ?? '';
  const read = findReadable(model)?.permission ?? differing[name]?.read?.[0] ?? '';
  if (!isPermission(read)) throw new Error(`Nothing is known of who reads ${name}.`);
  const write = named(areaOf(read), 'write');
  return {
    read: [read],
    add: [write],
    change: [write],
    remove: [isSoft(model) ? named(areaOf(read), 'destroy') : write],
    ...differing[name],
  };
}
