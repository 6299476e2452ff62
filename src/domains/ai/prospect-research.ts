/** Research about a prospect is kept until it expires, so that nobody pays for it twice. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { mutation, type Outcome } from '../../graphql/mutation.ts';
import { rowData, type Written } from '../../graphql/rows.ts';

const ProspectIntelligenceUpsertInput = builder.inputType('ProspectIntelligenceUpsertInput', {
  description: 'What was found out about a prospect just now.',
  fields: (t) => ({
    prospectName: t.string({ required: true, description: 'Who it is about. Upper and lower case are the same name.' }),
    websiteUrl: t.field({ type: 'URL', description: 'The web address of the prospect; the known one unless given.' }),
    profile: t.field({ type: 'JSON', required: true, description: 'What was found out, in place of what was known.' }),
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it should be found out again: 30 days from now unless given; null for never.',
    }),
    keepFresh: t.boolean({
      defaultValue: false,
      description: 'Whether research that has not expired stays as it is.',
    }),
  }),
});

type Research = typeof ProspectIntelligenceUpsertInput.$inferInput;

const lifetimeMs = 30 * 86_400_000;

interface Found {
  readonly prospectName: string;
  readonly websiteUrl?: string | null;
  readonly profile: object;
  readonly expiresAt: Date | null;
}

/** Adds research about a prospect that nobody has looked into. */
async function add(context: Context, { prospectName, websiteUrl, profile, expiresAt }: Found) {
  const [row] = await context.db.$queryRaw<Written[]>`
    insert into prospect_intelligence (prospect_name, website_url, profile, expires_at)
      values (${prospectName}, ${websiteUrl ?? null}, ${JSON.stringify(profile)}::jsonb, ${expiresAt})
      on conflict do nothing returning id`;
  return row;
}

/** Replaces what is known about a prospect, or only what has expired. */
async function replace(context: Context, { prospectName, websiteUrl, profile, expiresAt }: Found, keepFresh: boolean) {
  const [row] = await context.db.$queryRaw<Written[]>`
    update prospect_intelligence
      set website_url = coalesce(${websiteUrl ?? null}, website_url), profile = ${JSON.stringify(profile)}::jsonb,
        expires_at = ${expiresAt}, cached_at = now()
      where lower(prospect_name) = lower(${prospectName}) and (not ${keepFresh} or expires_at <= now()) returning id`;
  return row;
}

async function known(context: Context, prospectName: string) {
  const [row] = await context.db.$queryRaw<Written[]>`
    select id from prospect_intelligence where lower(prospect_name) = lower(${prospectName})`;
  return row;
}

/** An address is kept as the text that it was given as. */
const columnsOf = ({ expiresAt, websiteUrl, ...input }: Research): Found =>
  rowData<Found>('ProspectIntelligence', {
    ...input,
    websiteUrl: websiteUrl && String(websiteUrl),
    expiresAt: expiresAt === undefined ? new Date(Date.now() + lifetimeMs) : expiresAt,
  });

async function upsert(input: Research, context: Context): Promise<Outcome> {
  const found = columnsOf(input);
  const row =
    (await add(context, found)) ??
    (await replace(context, found, input.keepFresh === true)) ??
    (await known(context, found.prospectName));
  return { id: row?.id ?? null };
}

mutation({
  name: 'prospectIntelligenceUpsert',
  description:
    'Keeps what was found out about a prospect, in place of what was known of the same name. With `keepFresh` what has not expired is given back instead.',
  permission: 'ai:write',
  input: ProspectIntelligenceUpsertInput,
  returns: 'ProspectIntelligence',
  run: upsert,
});
