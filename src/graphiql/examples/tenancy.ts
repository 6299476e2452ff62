import type { Example } from './example.ts';

export const tenancyExamples: readonly Example[] = [
  {
    name: 'WhoAmI',
    query: `# Who is asking, where, and with whom. In the headers
# below, Authorization is the person and X-Org the
# organization. Choose another one in the bar above:
# the same query gives other rows.
query WhoAmI {
  viewer {
    user { fullName email }
    organization { name slug plan timeZone }
    role
    memberships { role organization { name } }
    permissions
  }
  members(
    filter: { status: { eq: ACTIVE } }
    orderBy: [{ joinedAt: { direction: ASC } }]
  ) {
    totalCount
    nodes { displayName title role email }
  }
}
`,
  },
  {
    name: 'Members',
    query: `# People and what they look after. A list inside a row
# takes the same arguments as a list at the top.
query Members($roles: [Role!]) {
  members(
    filter: { role: { in: $roles } }
    orderBy: [{ displayName: { direction: ASC } }]
  ) {
    nodes {
      displayName
      role
      status
      joinedAt
      ownedDeals(
        first: 3
        filter: { status: { eq: OPEN } }
        orderBy: [{ valueCents: { direction: DESC } }]
      ) {
        totalCount
        nodes { title value { amount currency } }
      }
    }
  }
}
`,
    variables: { roles: ['OWNER', 'ADMIN', 'MEMBER'] },
  },
];
