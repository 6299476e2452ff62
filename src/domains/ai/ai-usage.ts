import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { enumOf } from '../../graphql/enums.ts';
import { toGlobalId } from '../../graphql/ids.ts';

/** The calls of one group. Sums are texts, too long for a number. */
interface Usage {
  readonly day: Date | null;
  readonly model: string | null;
  readonly agentId: string | null;
  readonly agentName: string | null;
  readonly calls: number;
  readonly errors: number;
  readonly inputTokens: string;
  readonly outputTokens: string;
  readonly costMicros: string;
  readonly meanLatencyMs: number;
}

const AiUsageKey = enumOf('AiUsageKey', 'What calls of language models are grouped by.', {
  day: 'The day of the call, in UTC.',
  model: 'The language model.',
  agent: 'The agent whose run made the call.',
});

const AiUsage = builder.objectRef<Usage>('AiUsage').implement({
  description: 'The calls of language models of one group, added up.',
  fields: (t) => ({
    day: t.expose('day', { type: 'Date', nullable: true, description: 'The day; null unless grouped by DAY.' }),
    model: t.exposeString('model', {
      nullable: true,
      description: 'The language model; null unless grouped by MODEL.',
    }),
    agentId: t.id({
      nullable: true,
      description: 'The agent; null unless grouped by AGENT, and for calls of no agent.',
      resolve: ({ agentId }) => (agentId === null ? null : toGlobalId('Agent', agentId)),
    }),
    agentName: t.exposeString('agentName', { nullable: true, description: 'The name of the agent.' }),
    calls: t.exposeInt('calls', { description: 'How many calls.' }),
    errors: t.exposeInt('errors', { description: 'How many of them ended without an answer.' }),
    inputTokens: t.field({
      type: 'BigInt',
      description: 'How many tokens went in.',
      resolve: ({ inputTokens }) => BigInt(inputTokens),
    }),
    outputTokens: t.field({
      type: 'BigInt',
      description: 'How many tokens came out.',
      resolve: ({ outputTokens }) => BigInt(outputTokens),
    }),
    costMicros: t.field({
      type: 'BigInt',
      description: 'The cost in millionths of a US dollar.',
      resolve: ({ costMicros }) => BigInt(costMicros),
    }),
    meanLatencyMs: t.exposeFloat('meanLatencyMs', {
      description: 'How long a call took on average, in milliseconds, with one decimal.',
    }),
  }),
});

interface Period {
  readonly from: Date;
  readonly to: Date;
}

const dayMs = 86_400_000;
const maxDays = 366;
const maxGroups = 1_000;

const addUp = (context: Context, { from, to }: Period, keys: readonly string[]): Promise<Usage[]> => {
  const by = (key: string) => keys.includes(key);
  return context.db.$queryRaw`
    select case when ${by('day')} then (log.created_at at time zone 'UTC')::date end as day,
        case when ${by('model')} then log.model end as model,
        case when ${by('agent')} then run.agent_id end as "agentId",
        case when ${by('agent')} then max(agent.name) end as "agentName",
        count(*)::integer as calls, count(*) filter (where log.status = 'error')::integer as errors,
        sum(log.input_tokens)::text as "inputTokens", sum(log.output_tokens)::text as "outputTokens",
        sum(log.cost_micros)::text as "costMicros", round(avg(log.latency_ms), 1)::float8 as "meanLatencyMs"
      from ai_run_logs log
        left join agent_runs run on run.id = log.agent_run_id left join agents agent on agent.id = run.agent_id
      where log.created_at >= ${from} and log.created_at < ${new Date(to.getTime() + dayMs)}
      group by 1, 2, 3 order by 1, 2, 4, 3 limit ${maxGroups + 1}`;
};

const midnight = (moment: Date): Date => new Date(Math.floor(moment.getTime() / dayMs) * dayMs);

/** The last 30 days unless told otherwise. */
function periodOf(from: Date | null | undefined, to: Date | null | undefined): Period {
  const last = midnight(to ?? new Date());
  const first = midnight(from ?? new Date(last.getTime() - 29 * dayMs));
  const days = (last.getTime() - first.getTime()) / dayMs + 1;
  if (days < 1) throw badInput('`from` is after `to`.');
  if (days > maxDays) throw badInput(`A report covers at most ${maxDays} days; ${days} were asked for.`);
  return { from: first, to: last };
}

builder.queryField('aiUsage', (t) =>
  t.field({
    type: [AiUsage],
    description:
      'What calls of language models there were, and what they cost, by day, model and agent: earliest day first. Needs `ai:read`.',
    extensions: { permission: 'ai:read', size: 100 },
    args: {
      from: t.arg({
        type: 'DateOrDuration',
        description: 'The first day, in UTC; 29 days before the last unless given.',
      }),
      to: t.arg({ type: 'DateOrDuration', description: 'The last day, in UTC; today unless given.' }),
      groupBy: t.arg({
        type: [AiUsageKey],
        defaultValue: ['day', 'model', 'agent'],
        description: 'What to group by; nothing gives one sum of all.',
      }),
    },
    resolve: async (_root, { from, to, groupBy }, context) => {
      const usage = await addUp(context, periodOf(from, to), groupBy ?? []);
      if (usage.length > maxGroups)
        throw badInput(`These are more than ${maxGroups} groups. Ask for fewer days, or group by less.`);
      return usage;
    },
  }),
);
