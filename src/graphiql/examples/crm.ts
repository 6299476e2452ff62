import type { Example } from './example.ts';

export const crmExamples: readonly Example[] = [
  {
    name: 'Accounts',
    query: `# Clients with their people and deals, the latest
# talked to first. Change $first in the variables.
query Accounts($first: Int!) {
  accounts(
    first: $first
    filter: { lifecycle: { eq: CLIENT } }
    orderBy: [{ lastInteractionAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      id
      name
      industry
      classification
      lastInteractionAt
      owner { displayName }
      contacts(
        first: 2
        orderBy: [{ isPrimary: { direction: DESC } }]
      ) {
        nodes { fullName title email }
      }
      deals(
        first: 3
        orderBy: [{ valueCents: { direction: DESC } }]
      ) {
        totalCount
        nodes {
          title
          status
          value { amount currency }
          stage { name }
        }
      }
    }
  }
}
`,
    variables: { first: 5 },
  },
  {
    name: 'Contacts',
    query: `# Filters, orders and pages, in the variables below.
# Put pageInfo.endCursor into "after" for the next page.
# A duration such as -P1Y counts from now.
query Contacts(
  $first: Int!
  $after: String
  $filter: ContactFilter
  $orderBy: [ContactOrderBy!]
) {
  contacts(
    first: $first
    after: $after
    filter: $filter
    orderBy: $orderBy
  ) {
    totalCount
    pageInfo { hasNextPage endCursor }
    edges {
      cursor
      node {
        id
        fullName
        title
        email
        tags
        createdAt
        account { name industry }
      }
    }
  }
}
`,
    variables: {
      first: 10,
      after: null,
      filter: {
        account: { lifecycle: { eq: 'CLIENT' } },
        or: [{ isPrimary: { eq: true } }, { tags: { has: 'decision-maker' } }],
        not: { email: { isNull: true } },
        createdAt: { gte: '-P1Y' },
      },
      orderBy: [{ account: { name: { direction: 'ASC' } } }, { lastName: { direction: 'ASC', nulls: 'LAST' } }],
    },
  },
  {
    name: 'DealBoard',
    query: `# Every pipeline and stage with its largest deals.
query DealBoard {
  pipelines(orderBy: [{ position: {} }]) {
    nodes {
      name
      stages(orderBy: [{ position: {} }]) {
        nodes {
          name
          kind
          probability
          deals(
            first: 3
            orderBy: [{ valueCents: { direction: DESC } }]
          ) {
            totalCount
            nodes {
              id
              title
              value { amount currency }
              expectedCloseOn
              account { name }
              owner { displayName }
              version
            }
          }
        }
      }
    }
  }
}
`,
  },
  {
    name: 'Forecast',
    query: `# What the open deals promise in the next six months,
# as it is and weighted by their chance of winning.
query Forecast($from: DateOrDuration, $to: DateOrDuration) {
  dealForecast(from: $from, to: $to) {
    byMonth {
      month
      count
      total { amount currency }
      weighted { amount currency }
    }
    byStage {
      stage { name probability }
      count
      weighted { amount currency }
    }
  }
}
`,
    variables: { from: 'P0D', to: 'P6M' },
  },
  {
    name: 'CreateAndUpdate',
    query: `# Makes a contact and changes it, in one transaction:
# saved as a whole or not at all. The client makes the
# id, so a repetition is noticed: run this twice, and
# userErrors tell why nothing was saved. A stale
# expectedVersion is a CONFLICT with the current one.
mutation CreateAndUpdate(
  $create: ContactCreateInput!
  $update: ContactUpdateInput!
) {
  contactCreate(input: $create) {
    contact { id fullName title version }
    userErrors { code message path currentVersion }
  }
  contactUpdate(input: $update) {
    contact { id fullName title tags version }
    userErrors { code message path currentVersion }
  }
}
`,
    variables: {
      create: { id: '0190f3a1-0000-7000-8000-000000000001', firstName: 'Noor', lastName: 'Haddad', title: 'Buyer' },
      update: {
        id: '0190f3a1-0000-7000-8000-000000000001',
        expectedVersion: 1,
        title: 'Head of purchasing',
        tags: ['decision-maker'],
      },
    },
  },
  {
    name: 'ConvertLead',
    query: `# A lead becomes an account, a contact and a deal, in
# one step. For a second run give it another id.
mutation ConvertLead(
  $lead: LeadCreateInput!
  $convert: LeadConvertInput!
) {
  leadCreate(input: $lead) {
    lead { id status score }
    userErrors { code message path }
  }
  leadConvert(input: $convert) {
    lead { status convertedAt }
    account { id name lifecycle }
    contact { id fullName isPrimary }
    deal {
      id
      title
      value { amount currency }
      stage { name }
      probability
    }
    userErrors { code message path }
  }
}
`,
    variables: {
      lead: {
        id: '0190f3a1-0000-7000-8000-000000000002',
        firstName: 'Tomas',
        lastName: 'Varga',
        companyName: 'Varga Instruments',
        source: 'Trade fair',
        score: 80,
      },
      convert: {
        id: '0190f3a1-0000-7000-8000-000000000002',
        dealTitle: 'New website, Varga Instruments',
        valueCents: '1850000',
        currency: 'USD',
      },
    },
  },
  {
    name: 'Proposals',
    query: `# Proposals with their lines. Amounts are texts, so that
# no digit is lost; the database adds them up.
query Proposals($status: [ProposalStatus!]) {
  proposals(
    first: 5
    filter: { status: { in: $status } }
    orderBy: [{ createdAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      proposalNumber
      title
      status
      account { name }
      deal { status stage { name } }
      lineItems(orderBy: [{ position: {} }]) {
        nodes {
          description
          quantity
          unitPrice { amount }
          total { amount }
        }
      }
      subtotal { amount }
      tax { amount }
      total { cents amount currency }
    }
  }
}
`,
    variables: { status: ['SENT', 'ACCEPTED'] },
  },
  {
    name: 'Interactions',
    query: `# Talks that went badly. A client whose last one did is
# AT_RISK: the database classifies accounts itself.
query Interactions($since: DateTimeOrDuration) {
  interactions(
    first: 10
    filter: {
      occurredAt: { gte: $since }
      sentiment: { eq: NEGATIVE }
    }
    orderBy: [{ occurredAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      occurredAt
      type
      sentiment
      subject
      body
      account { name classification }
      contact { fullName }
      user { displayName }
    }
  }
}
`,
    variables: { since: '-P1Y' },
  },
];
