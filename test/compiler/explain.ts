/**
 * How Postgres reads the tables for a compiled read: asked by EXPLAIN, of the statement as it is sent, in the role and with
 * the settings of a request.
 */
import { parse } from 'graphql';
import pg from 'pg';
import { createCompiler, isRefused } from '../../src/compiler/compile.ts';
import type { Variables, Written } from '../../src/compiler/parts.ts';
import { readingStatements } from '../../src/db/enter.ts';
import type { Row, Statement } from '../../src/db/pipeline.ts';
import type { OpenCursor } from '../../src/graphql/sealed-cursors.ts';
import { schema } from '../../src/schema.ts';
import { callerOf } from '../support/door.ts';
import type { Gateway, Org } from '../support/gateway.ts';

/** Postgres makes a plan for the values at hand, or one for all values; for a prepared statement it may choose either. */
export const planModes = ['custom', 'generic'] as const;
export type PlanMode = (typeof planModes)[number];

/** One place in a plan where rows are taken out of a table. */
export interface Scan {
  readonly table: string;
  /** `Index Scan`, `Seq Scan` and so on. */
  readonly kind: string;
  readonly index: string | null;
  /** What the index is searched for. */
  readonly condition: string;
  /** Rows that were read, over all rounds, with those that a filter then left out. */
  readonly rows: number;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Index Cond'?: string;
  /** On average over the rounds, as the next two are. */
  readonly 'Actual Rows': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

const compile = createCompiler(schema);

/** The statement of an operation that the compiler does not refuse. */
export function statementOf(query: string, variables: Variables = {}, open?: OpenCursor): Written {
  const read = compile({ document: parse(query), variables }, open);
  if (isRefused(read)) throw new Error(`Not compiled: ${read.field} ${read.reason}`);
  return read.statement;
}

/** The role and the entry of a request by an organization's owner. */
export const asRequestOf = ({ config, database }: Gateway, org: Org): Promise<Statement[]> =>
  readingStatements(callerOf(org, 'owner'), { id: 'explain', ip: null, userAgent: null }, config, database.proofs);

/** Runs statements behind the role and the entry of a request by an organization's owner; gives the rows of each. */
export async function asRequest(gateway: Gateway, org: Org, statements: Statement[]): Promise<Row[][]> {
  const { config, database } = gateway;
  const opening = await asRequestOf(gateway, org);
  const results = await database.pool.pipeline([...opening, ...statements], config.timeouts.statementMs);
  return results.slice(opening.length);
}

/** A statement under a name of its own, and what it takes to run it and to forget it. */
export interface Prepared {
  /** Before the first run. */
  readonly before: Statement[];
  readonly run: Statement;
  readonly explain: Statement;
  readonly after: Statement;
}

let count = 0;

/** Prepares a statement in a plan mode. */
export function prepared({ text, values }: Written, mode: PlanMode): Prepared {
  const name = `explained_${count++}`;
  const given = values.map((value) => (value === null ? 'null' : pg.escapeLiteral(value)));
  const execute = given.length > 0 ? `execute ${name} (${given.join(', ')})` : `execute ${name}`;
  return {
    before: [{ text: `set local plan_cache_mode = force_${mode}_plan` }, { text: `prepare ${name} as ${text}` }],
    run: { text: execute },
    explain: { text: `explain (format json, analyze, buffers off, timing off) ${execute}` },
    after: { text: `deallocate ${name}` },
  };
}

const indexOf = (node: PlanNode): PlanNode | undefined =>
  node['Index Name'] ? node : node.Plans?.map(indexOf).find((found) => found !== undefined);

function scanOf(node: PlanNode, table: string): Scan {
  const index = indexOf(node);
  const left = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return {
    table,
    kind: node['Node Type'],
    index: index?.['Index Name'] ?? null,
    condition: index?.['Index Cond'] ?? '',
    rows: (node['Actual Rows'] + left) * node['Actual Loops'],
  };
}

function scansIn(node: PlanNode): Scan[] {
  const table = node['Relation Name'];
  return [...(table ? [scanOf(node, table)] : []), ...(node.Plans ?? []).flatMap(scansIn)];
}

/** Runs a statement for an organization, and gives the scans that it took. */
export async function scansOf(gateway: Gateway, org: Org, statement: Written, mode: PlanMode): Promise<Scan[]> {
  const { before, explain, after } = prepared(statement, mode);
  const results = await asRequest(gateway, org, [...before, explain, after]);
  const explained = results
    .flat()
    .flatMap((row) => (row['QUERY PLAN'] ?? []) as readonly { readonly Plan: PlanNode }[]);
  return explained.flatMap(({ Plan }) => scansIn(Plan));
}
