import { queryFromInfo } from '@pothos/plugin-prisma';
import { selectedFieldNames } from '@pothos/selection-mapper';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { delegate } from '../../graphql/delegate.ts';
import { toUuid } from '../../graphql/ids.ts';
import { Money } from '../../graphql/money.ts';
import type { PageRow } from '../../graphql/page.ts';

/** One group of deals. Exactly one of stage and month is what it was grouped by; sums are texts, too long for a number. */
interface Sums {
  readonly stageId: string | null;
  readonly month: string | null;
  readonly currency: string;
  readonly count: number;
  readonly total: string;
  readonly weighted: string;
}

interface StageSums extends Sums {
  readonly stage: PageRow | undefined;
}

interface Period {
  readonly pipelineId: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

const money = (sums: Sums, cents: string) => ({ cents: BigInt(cents), currency: sums.currency });

const DealForecastByStage = builder.objectRef<StageSums>('DealForecastByStage').implement({
  description: 'The open deals of one stage in one currency.',
  fields: (t) => ({
    stage: t.field({
      type: 'PipelineStage' as never,
      description: 'The stage.',
      resolve: ({ stage }) => stage as never,
    }),
    currency: t.exposeString('currency', { description: 'The ISO 4217 currency.' }),
    count: t.exposeInt('count', { description: 'How many deals.' }),
    total: t.field({ type: Money, description: 'Their value.', resolve: (sums) => money(sums, sums.total) }),
    weighted: t.field({
      type: Money,
      description: 'Their value times their chance of winning.',
      resolve: (sums) => money(sums, sums.weighted),
    }),
  }),
});

const DealForecastByMonth = builder.objectRef<Sums>('DealForecastByMonth').implement({
  description: 'The open deals that are expected to be decided in one month, in one currency.',
  fields: (t) => ({
    month: t.exposeString('month', {
      nullable: true,
      description: 'The month, as `2026-03`; null for deals without a date.',
    }),
    currency: t.exposeString('currency', { description: 'The ISO 4217 currency.' }),
    count: t.exposeInt('count', { description: 'How many deals.' }),
    total: t.field({ type: Money, description: 'Their value.', resolve: (sums) => money(sums, sums.total) }),
    weighted: t.field({
      type: Money,
      description: 'Their value times their chance of winning.',
      resolve: (sums) => money(sums, sums.weighted),
    }),
  }),
});

const DealForecast = builder
  .objectRef<{ byStage: readonly StageSums[]; byMonth: readonly Sums[] }>('DealForecast')
  .implement({
    description:
      'What the open deals promise. Each deal is weighted by its probability and rounded half up to a minor unit; currencies are never added up.',
    fields: (t) => ({
      byStage: t.field({
        type: [DealForecastByStage],
        description: 'By stage, in the order of the pipelines.',
        resolve: ({ byStage }) => byStage,
      }),
      byMonth: t.field({
        type: [DealForecastByMonth],
        description: 'By month, those without a date last.',
        resolve: ({ byMonth }) => byMonth,
      }),
    }),
  });

/** Both groupings of the live open deals in one statement. */
const groupDeals = (context: Context, { pipelineId, from, to }: Period): Promise<Sums[]> => context.db.$queryRaw`
  with open_deals as (
    select stage_id, to_char(expected_close_on, 'YYYY-MM') as month, currency, value_cents,
        round(value_cents::numeric * probability / 100) as weighted_cents
      from deals
      where status = 'open' and deleted_at is null
        and (${pipelineId}::uuid is null or pipeline_id = ${pipelineId}::uuid)
        and (${from}::date is null or expected_close_on >= ${from}::date)
        and (${to}::date is null or expected_close_on <= ${to}::date)
  ), sums as (
    select stage_id, month, currency, count(*)::integer as count, sum(value_cents)::text as total, sum(weighted_cents)::text as weighted
      from open_deals group by grouping sets ((stage_id, currency), (month, currency))
  )
  select sums.stage_id as "stageId", sums.month, sums.currency, sums.count, sums.total, sums.weighted
    from sums left join pipeline_stages stage on stage.id = sums.stage_id left join pipelines pipeline on pipeline.id = stage.pipeline_id
    order by pipeline.position, pipeline.id, stage.position, stage.id, sums.month nulls last, sums.currency`;

const stagePaths = [[{ name: 'byStage' }, { name: 'stage' }]];

/** The stages of the groups, with what the document selects of them. */
async function loadStages(groups: readonly Sums[], context: Context, info: GraphQLResolveInfo): Promise<StageSums[]> {
  if (groups.length === 0 || !selectedFieldNames(context, info).has('byStage')) return [];
  const selection = queryFromInfo({
    context,
    info,
    typeName: 'PipelineStage',
    paths: stagePaths,
    select: { id: true } as never,
  });
  const ids = [...new Set(groups.map(({ stageId }) => stageId))];
  const stages = await delegate(context.db, 'PipelineStage').findMany({
    ...(selection as object),
    where: { id: { in: ids } },
  });
  const byId = new Map(stages.map((stage) => [stage.id, stage]));
  return groups.map((sums) => ({ ...sums, stage: byId.get(sums.stageId ?? '') }));
}

const day = (date: Date | null | undefined): string | null => date?.toISOString().slice(0, 10) ?? null;

builder.queryField('dealForecast', (t) =>
  t.field({
    type: DealForecast,
    description: 'What the live open deals promise, by stage and by month. Needs `crm:read`.',
    extensions: { permission: 'crm:read' },
    args: {
      pipelineId: t.arg.id({ description: 'Only deals of this pipeline.' }),
      from: t.arg({
        type: 'DateOrDuration',
        description: 'Only deals expected to be decided on this day or later; leaves out those without a date.',
      }),
      to: t.arg({
        type: 'DateOrDuration',
        description: 'Only deals expected to be decided on this day or earlier; leaves out those without a date.',
      }),
    },
    resolve: async (_root, { pipelineId, from, to }, context, info) => {
      const period = { pipelineId: pipelineId ? toUuid('Pipeline', pipelineId) : null, from: day(from), to: day(to) };
      const sums = await groupDeals(context, period);
      const byStage = await loadStages(
        sums.filter(({ stageId }) => stageId !== null),
        context,
        info,
      );
      return { byStage, byMonth: sums.filter(({ stageId }) => stageId === null) };
    },
  }),
);
