/** The records that decisions and notifications are about. */
import type { Scene } from './scene.ts';

/** A record as a decision or a notification speaks of it. */
export interface Subject {
  readonly type: string;
  readonly id: string;
  readonly title: string;
  /** The person it belongs to. */
  readonly person: string | null;
  readonly made: Date;
}

export interface Kind {
  readonly type: string;
  readonly table: string;
  readonly title: string;
  readonly person?: string;
  readonly where?: string;
}

/** The newest records of a kind; none while its table is empty. */
export async function subjects(
  scene: Scene,
  { type, table, title, person = 'null::uuid', where = 'true' }: Kind,
  most: number,
) {
  const { rows } = await scene.client.query<Subject>(
    `select '${type}' as type, id, ${title} as title, ${person} as person, created_at as made from ${table}
       where org_id = $1 and ${where} order by created_at desc, id limit ${most}`,
    [scene.org.id],
  );
  return rows;
}

const hourMs = 3_600_000;

/** So many hours after a moment, but not after the last midnight. */
export const hoursAfter = (scene: Scene, moment: Date | string, hours: number): string =>
  new Date(Math.min(new Date(moment).getTime() + hours * hourMs, Date.parse(scene.calendar.ago(0)) - 1)).toISOString();
