import { builder } from '../../builder.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { rowData } from '../../graphql/rows.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';
import { statusMutations } from '../../graphql/status-mutations.ts';

const DeviceInstallInput = builder.inputType('DeviceInstallInput', {
  description: 'Which device is installed, where and when.',
  fields: (t) => ({
    ...target(t),
    propertyId: t.id({ description: 'Where it is installed; where it was meant to go unless given.' }),
    installedOn: t.field({
      type: 'Date',
      description: 'The day; today unless given, or the first day for a device that was repaired.',
    }),
  }),
});

const installation: StatusMove = { from: ['in_stock', 'faulty'], to: 'installed', done: 'installed' };

/** What else becomes of a device. The database clears the day of installation of one that is back in stock. */
statusMutations('Device', 'support:write', {
  deviceReportFault: {
    description: 'Marks a device as broken.',
    move: { from: ['in_stock', 'installed'], to: 'faulty', done: 'reported as faulty' },
  },
  deviceReturn: {
    description: 'Takes a device back into stock.',
    move: { from: ['installed', 'faulty'], to: 'in_stock', done: 'taken back' },
  },
  deviceRetire: {
    description: 'Takes a device out of use for good.',
    move: { from: ['in_stock', 'installed', 'faulty'], to: 'retired', done: 'retired' },
  },
});

mutation({
  name: 'deviceInstall',
  permission: 'support:write',
  returns: 'Device',
  description: 'Marks a device as installed, or as repaired.',
  input: DeviceInstallInput,
  run: ({ propertyId, installedOn, ...input }, context) => {
    const data = rowData('Device', { propertyId: propertyId ?? undefined, installedOn: installedOn ?? undefined });
    return moveStatus(context, 'Device', input, installation, data as Record<string, unknown>);
  },
});
