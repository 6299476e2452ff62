import { builder } from '../../builder.ts';
import { enumOf } from '../../graphql/enums.ts';
import { type Closed, type Feature, type FeatureKey, features, whatCloses } from '../../graphql/features.ts';

interface FeatureState extends Feature {
  readonly key: string;
  readonly closed: Closed | null;
}

const ClosedBy = enumOf('FeatureClosedBy', 'What closes a feature.', {
  kill_switch: 'A switch of the whole installation.',
  plan: 'The plan of the organization.',
  flag: 'A feature flag of the organization.',
});

const FeatureType = builder.objectRef<FeatureState>('Feature').implement({
  description: 'A part of the product that can be closed, and whether the caller may use it at this moment.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'The key: a feature flag with the same key can close it.' }),
    name: t.exposeString('name', { description: 'What people call it.' }),
    isOpen: t.boolean({
      description: 'Whether it is open to the caller. What permission it needs besides, each of its fields says.',
      resolve: ({ closed }) => closed === null,
    }),
    closedBy: t.field({
      type: ClosedBy,
      nullable: true,
      description: 'What closes it; null while it is open.',
      resolve: ({ closed }) => closed?.by ?? null,
    }),
    reason: t.string({
      nullable: true,
      description: 'Why it is closed, in words for people: what a mutation that needs it answers.',
      resolve: ({ closed }) => closed?.message ?? null,
    }),
    plan: t.field({
      type: 'Plan' as never,
      nullable: true,
      description: 'The least plan that has it; null where every plan has.',
      resolve: ({ plan }) => (plan ?? null) as never,
    }),
    killSwitch: t.string({
      nullable: true,
      description: 'The system setting that stops it everywhere.',
      resolve: ({ killSwitch }) => killSwitch ?? null,
    }),
  }),
});

const keys = Object.keys(features) as FeatureKey[];

builder.queryField('features', (t) =>
  t.field({
    type: [FeatureType],
    description:
      'Every feature that can be closed, and what closes it to the caller. Needs a place in an organization.',
    extensions: { permission: 'member' },
    resolve: async (_root, _args, context) => {
      const closed = await whatCloses(context, keys);
      return keys.map((key) => ({ key, ...features[key], closed: closed[key] }));
    },
  }),
);
