import { enumOf } from './enums.ts';

/** The roles of people, invitations and keys. */
export const Role = enumOf(
  'Role',
  'What the holder may do in an organization; each role may do what those after it may.',
  {
    owner: 'Owns the organization: its plan, its end, and who else is an owner.',
    admin: 'Manages people, keys and settings, reads the audit trail, and removes rows for good.',
    member: 'Reads and writes the data of the organization.',
    viewer: 'Reads the data of the organization.',
  },
);
