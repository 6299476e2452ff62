/**
 * The one gate in front of features: a switch of the whole installation (`system_settings`), the organization's plan, and its
 * feature flags. All three are read where the feature is used, so a change holds from the next request on.
 */
import type { Context } from '../context.ts';
import { type ErrorCode, GatewayError, switchedOff, UserError } from '../errors.ts';

const plans = ['free', 'pro', 'enterprise'] as const;
export type Plan = (typeof plans)[number];

export interface Feature {
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
  embedding: { name: 'The embedding of new and changed text', killSwitch: 'kill.embedding' },
  search: { name: 'The search by meaning', killSwitch: 'kill.search' },
  uploads: { name: 'Uploads', killSwitch: 'kill.uploads' },
  jobs: { name: 'Background jobs', killSwitch: 'kill.jobs' },
  webhooks: { name: 'Webhooks', killSwitch: 'kill.webhooks' },
  sign_up: { name: 'New organizations', killSwitch: 'kill.sign_up' },
} as const satisfies Record<string, Feature>;

export type FeatureKey = keyof typeof features;

/** What closes a feature, which of the three, and why. */
export interface Closed {
  readonly code: ErrorCode;
  readonly by: 'kill_switch' | 'plan' | 'flag';
  readonly message: string;
}

interface State {
  readonly reason: string | null;
  readonly stopped: boolean;
  readonly enabled: boolean | null;
  readonly roles: readonly string[] | null;
}

const untouched: State = { reason: null, stopped: false, enabled: null, roles: null };

/** Switches and flags of features, in one statement. */
async function statesOf({ db }: Context, keys: readonly FeatureKey[]): Promise<ReadonlyMap<string, State>> {
  const switches = keys.map((key) => (features[key] as Feature).killSwitch ?? '');
  const rows = await db.$queryRaw<(State & { readonly key: string })[]>`
    select wanted.key, setting.value ->> 'reason' as reason, coalesce(setting.value -> 'active' = 'true', false) as stopped,
        flag.is_enabled as enabled, flag.allowed_roles as roles
      from unnest(${keys}::text[], ${switches}::text[]) as wanted (key, switch)
      left join system_settings setting on setting.key = wanted.switch
      left join feature_flags flag on flag.feature_key = wanted.key`;
  return new Map(rows.map((row) => [row.key, row]));
}

const hasPlan = (own: string | null, least: Plan): boolean =>
  plans.indexOf((own ?? 'free') as Plan) >= plans.indexOf(least);

function closedBy(key: FeatureKey, state: State, { scope }: Context): Closed | null {
  const { name, plan }: Feature = features[key];
  const { stopped, reason, enabled, roles } = state;
  const closed = (code: ErrorCode, by: Closed['by'], why: string): Closed => ({ code, by, message: `${name}: ${why}` });
  if (stopped) return closed('UNAVAILABLE', 'kill_switch', switchedOff(reason));
  if (plan && !hasPlan(scope.plan, plan))
    return closed('FORBIDDEN', 'plan', `needs the plan ${plan}; this organization has ${scope.plan}.`);
  if (enabled === false) return closed('FORBIDDEN', 'flag', `switched off by the feature flag ${key}.`);
  if (roles && roles.length > 0 && !roles.includes(scope.role ?? ''))
    return closed('FORBIDDEN', 'flag', `the feature flag ${key} is for the roles ${roles.join(', ')}.`);
  return null;
}

/** What closes each of some features to the caller; null for those that are open. */
export async function whatCloses<Key extends FeatureKey>(
  context: Context,
  keys: readonly Key[],
): Promise<Record<Key, Closed | null>> {
  const states = await statesOf(context, keys);
  const entries = keys.map((key) => [key, closedBy(key, states.get(key) ?? untouched, context)]);
  return Object.fromEntries(entries) as Record<Key, Closed | null>;
}

/** Whether the caller may use a feature, for what goes on without it. */
export async function isOpen(context: Context, key: FeatureKey): Promise<boolean> {
  return (await whatCloses(context, [key]))[key] === null;
}

/**
 * Lets a mutation use a feature, or says what closes it: a kill switch, the plan or a flag, by name.
 *
 * @param path the input field that asks for it.
 * @throws UserError UNAVAILABLE for a kill switch, FORBIDDEN for plan and flag.
 */
export async function requireFeature(context: Context, key: FeatureKey, path: readonly string[] = []): Promise<void> {
  const closed = (await whatCloses(context, [key]))[key];
  if (closed) throw new UserError(closed.code, closed.message, path);
}

/**
 * {@link requireFeature} for a query, which has no `userErrors`.
 *
 * @throws GatewayError UNAVAILABLE or FORBIDDEN.
 */
export async function demandFeature(context: Context, key: FeatureKey): Promise<void> {
  const closed = (await whatCloses(context, [key]))[key];
  if (closed) throw new GatewayError(closed.code, closed.message, { feature: key });
}
