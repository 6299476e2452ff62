/**
 * The one gate in front of features: a switch of the whole installation (`system_settings`), the organization's plan, and its
 * feature flags. All three are read where the feature is used, so a change counts from the next request on.
 */
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';

const plans = ['free', 'pro', 'enterprise'] as const;
type Plan = (typeof plans)[number];

interface Feature {
  /** What people call it, at the beginning of a sentence. */
  readonly name: string;
  /** The least plan that has it. */
  readonly plan?: Plan;
  /** The system setting that stops it everywhere while its `active` is true. */
  readonly killSwitch?: string;
}

/** Every feature that can be closed. A flag of the organization with the same key can close each of them. */
export const features = {
  subtasks: { name: 'Subtasks', plan: 'pro' },
  story_points: { name: 'Story points', plan: 'pro' },
  agents: { name: 'Agents', killSwitch: 'kill.ai' },
  ai_cache: { name: 'The cache of language models', killSwitch: 'kill.ai' },
  search: { name: 'The search by meaning', killSwitch: 'kill.search' },
  uploads: { name: 'Uploads', killSwitch: 'kill.uploads' },
  jobs: { name: 'Background jobs', killSwitch: 'kill.jobs' },
  webhooks: { name: 'Webhooks', killSwitch: 'kill.webhooks' },
} as const satisfies Record<string, Feature>;

export type FeatureKey = keyof typeof features;

interface State {
  readonly reason: string | null;
  readonly stopped: boolean;
  readonly enabled: boolean | null;
  readonly roles: readonly string[] | null;
}

async function stateOf({ db }: Context, key: FeatureKey, killSwitch: string | undefined): Promise<State> {
  const [state] = await db.$queryRaw<State[]>`
    select setting.value ->> 'reason' as reason, coalesce(setting.value -> 'active' = 'true', false) as stopped,
        flag.is_enabled as enabled, flag.allowed_roles as roles
      from (select) one
      left join system_settings setting on setting.key = ${killSwitch ?? ''}
      left join feature_flags flag on flag.feature_key = ${key}`;
  return state ?? { reason: null, stopped: false, enabled: null, roles: null };
}

/** Why a feature is closed to the caller, or null when it is open. */
async function closed(context: Context, key: FeatureKey): Promise<Pick<UserError, 'code' | 'message'> | null> {
  const { name, plan, killSwitch }: Feature = features[key];
  const { scope } = context;
  const { stopped, reason, enabled, roles } = await stateOf(context, key, killSwitch);
  if (stopped) return { code: 'UNAVAILABLE', message: `${name}: switched off for now${reason ? `. ${reason}` : '.'}` };
  if (plan && plans.indexOf((scope.plan ?? 'free') as Plan) < plans.indexOf(plan))
    return { code: 'FORBIDDEN', message: `${name}: needs the plan ${plan}; this organization has ${scope.plan}.` };
  if (enabled === false) return { code: 'FORBIDDEN', message: `${name}: switched off by the feature flag ${key}.` };
  if (roles && roles.length > 0 && !roles.includes(scope.role ?? ''))
    return { code: 'FORBIDDEN', message: `${name}: the feature flag ${key} is for the roles ${roles.join(', ')}.` };
  return null;
}

/**
 * Lets the caller use a feature, or says what closes it: a kill switch, the plan or a flag, by name.
 *
 * @param path the input field that asks for it.
 * @throws UserError UNAVAILABLE for a kill switch, FORBIDDEN for plan and flag.
 */
export async function requireFeature(context: Context, key: FeatureKey, path: readonly string[] = []): Promise<void> {
  const why = await closed(context, key);
  if (why) throw new UserError(why.code, why.message, path);
}
