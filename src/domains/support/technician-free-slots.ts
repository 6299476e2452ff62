import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { toUuid } from '../../graphql/ids.ts';

interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

interface Wanted {
  readonly technicianId: string;
  readonly from: Date;
  readonly to: Date;
  readonly minutes: number;
}

const FreeSlot = builder.objectRef<Slot>('FreeSlot').implement({
  description: 'A time in which a technician has no visit.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins.' }),
    endsAt: t.expose('endsAt', {
      type: 'DateTime',
      description: 'When the next visit begins, or the time asked about ends.',
    }),
  }),
});

const longestMs = 93 * 86_400_000;

/** The time asked about, less the visits in it. */
const freeSlots = ({ db }: Context, { technicianId, from, to, minutes }: Wanted): Promise<Slot[]> => db.$queryRaw`
  with wanted as (select tstzrange(${from}::timestamptz, ${to}::timestamptz) as range),
    free as (
      select unnest(tstzmultirange(wanted.range) - coalesce(range_agg(tstzrange(visit.starts_at, visit.ends_at)) filter (where visit.id is not null), '{}')) as slot
        from wanted left join dispatch_assignments visit on visit.technician_id = ${technicianId}::uuid
          and visit.status <> 'canceled' and visit.starts_at < upper(wanted.range) and visit.ends_at > lower(wanted.range)
        group by wanted.range)
  select lower(slot) as "startsAt", upper(slot) as "endsAt" from free
    where upper(slot) - lower(slot) >= make_interval(mins => ${minutes}::integer) order by 1`;

builder.queryField('technicianFreeSlots', (t) =>
  t.field({
    type: [FreeSlot],
    description: 'When a technician has no visit, in order. Working hours are not known here. Needs `support:read`.',
    extensions: { permission: 'support:read' },
    args: {
      technicianId: t.arg.id({ required: true, description: 'The technician: `member_…` or the bare UUID.' }),
      from: t.arg({
        type: 'DateTimeOrDuration',
        required: true,
        description: 'The beginning of the time asked about.',
      }),
      to: t.arg({ type: 'DateTimeOrDuration', required: true, description: 'Its end, at most 93 days later.' }),
      minutes: t.arg.int({ defaultValue: 30, description: 'Only times that are at least as long.' }),
    },
    resolve: (_root, { technicianId, from, to, minutes }, context) => {
      if (from >= to) throw badInput('from is not before to.');
      if (to.getTime() - from.getTime() > longestMs) throw badInput('At most 93 days can be asked about.');
      return freeSlots(context, {
        technicianId: toUuid('Member', technicianId),
        from,
        to,
        minutes: Math.max(minutes ?? 30, 0),
      });
    },
  }),
);
