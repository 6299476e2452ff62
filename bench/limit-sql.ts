/**
 * The hand-written SQL of the limit: each statement makes the text of the whole answer, in the gateway's format.
 * Row security adds the organization to every table; `org_id` is repeated so that the primary keys serve the look-ups.
 * Look-ups as sub-selects and rows turned into JSON as they are were the fastest of the forms that were tried.
 */
import { pageName, pageSizes, type QueryName } from './queries.ts';

const time = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

const one = (relation: string, alias: string, key: string, pairs: string): string =>
  `(select json_build_object(${pairs}) from ${relation} ${alias} where ${alias}.org_id = page.org_id and ${alias}.id = page.${key})`;

const list = (field: string, rows: string): string =>
  `select '{"data":{"${field}":{"nodes":' || coalesce(json_agg(node), '[]') || '}}}' as body from (${rows}) node`;

const contact = `'contact_' || page.id as id, full_name as "fullName", email, ${time('page.created_at')} as "createdAt"`;
const account = one('accounts', 'a', 'account_id', `'id', 'account_' || a.id, 'name', a.name`);

const contactsPage = (first: number): string =>
  list(
    'contacts',
    `select ${contact}, ${account} as account
      from contacts page where deleted_at is null order by page.created_at desc, page.id desc limit ${first}`,
  );

const queries: Record<QueryName, string> = {
  contacts: contactsPage(20),
  deals: list(
    'deals',
    `select 'deal_' || page.id as id, title, json_build_object('cents', value_cents::text, 'currency', currency) as value,
        upper(status) as status, ${account} as account,
        ${one('contacts', 'c', 'contact_id', `'id', 'contact_' || c.id, 'fullName', c.full_name`)} as contact,
        ${one('pipeline_stages', 's', 'stage_id', `'id', 'pipeline_stage_' || s.id, 'name', s.name`)} as stage,
        (select json_build_object('nodes', coalesce(json_agg(node), '[]')) from (
          select 'interaction_' || i.id as id, subject, ${time('occurred_at')} as "occurredAt"
            from interactions i where i.org_id = page.org_id and i.deal_id = page.id
            order by i.created_at desc, i.id desc limit 10) node) as interactions
      from deals page where deleted_at is null order by page.created_at desc, page.id desc limit 20`,
  ),
  contact: `
    select '{"data":{"contact":' || row_to_json(node) || '}}' as body
      from (select ${contact}, phone, title from contacts page where page.id = $1 and deleted_at is null) node`,
  filtered: list(
    'contacts',
    `select ${contact} from contacts page
      where deleted_at is null and is_primary and full_name ilike 'a%' order by full_name, page.id limit 20`,
  ),
};

/** The statements by the names of their queries. */
export const limitSql: ReadonlyMap<string, string> = new Map([
  ...Object.entries(queries),
  ...pageSizes.map((first) => [pageName(first), contactsPage(first)] as const),
]);
