/**
 * What an event of Stripe says about what an organization pays for. The plan is the `lookup_key` of the price, or `plan` in
 * its metadata; the organization is `org_id` in the metadata of the subscription, else whoever has its customer already.
 */
import { isObject } from '../plugins/use-http-rules.ts';

/** What is known of a subscription; null is what the event leaves as it is. */
export interface PaidFor {
  readonly orgId: string | null;
  readonly plan: string | null;
  readonly status: string;
  readonly seats: number | null;
  readonly periodEnd: Date | null;
  readonly customer: string | null;
  readonly subscription: string | null;
  /** When it was so, by the clock of Stripe. */
  readonly at: Date;
}

type Fields = Readonly<Record<string, unknown>>;

const objectAt = (value: unknown, key: string): Fields => {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
};
const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const momentOf = (seconds: unknown): Date | null =>
  typeof seconds === 'number' && seconds > 0 && seconds < 1e11 ? new Date(seconds * 1000) : null;

const plans: readonly (string | null)[] = ['free', 'pro', 'enterprise'];
const ended = ['canceled', 'incomplete_expired'];
const states: Readonly<Record<string, string>> = {
  active: 'active',
  trialing: 'trialing',
  past_due: 'past_due',
  unpaid: 'past_due',
};

const planOf = (price: Fields): string | null => {
  const plan = textOf(price.lookup_key) ?? textOf(objectAt(price, 'metadata').plan);
  return plans.includes(plan) ? plan : null;
};

/** `organization_<uuid>` or the bare UUID; null for anything else. */
const organizationOf = (value: unknown): string | null =>
  /^(?:organization_)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(textOf(value) ?? '')?.[1] ?? null;

const firstItem = (subscription: Fields): Fields => {
  const { data } = objectAt(subscription, 'items');
  return Array.isArray(data) && isObject(data[0]) ? data[0] : {};
};

/** A subscription whose first payment is still to come begins nothing. */
function stateOf(type: unknown, { status }: Fields, plan: string | null) {
  if (type === 'customer.subscription.deleted' || ended.includes(String(status)))
    return { status: 'canceled', plan: 'free' };
  const known = Object.hasOwn(states, String(status)) ? states[String(status)] : undefined;
  return known ? { status: known, plan } : null;
}

/** What an event says; null for an event that says nothing of what is paid for. */
export function paidForBy(event: unknown): PaidFor | null {
  if (!isObject(event) || !/^customer\.subscription\.(created|updated|deleted)$/.test(String(event.type))) return null;
  const subscription = objectAt(event.data, 'object');
  const item = firstItem(subscription);
  const at = momentOf(event.created);
  const state = stateOf(event.type, subscription, planOf(objectAt(item, 'price')));
  if (!at || !state) return null;
  const { quantity } = item;
  return {
    orgId: organizationOf(objectAt(subscription, 'metadata').org_id),
    ...state,
    seats: Number.isInteger(quantity) && Number(quantity) > 0 && Number(quantity) < 1e6 ? Number(quantity) : null,
    periodEnd: momentOf(item.current_period_end ?? subscription.current_period_end),
    customer: textOf(subscription.customer),
    subscription: textOf(subscription.id),
    at,
  };
}
