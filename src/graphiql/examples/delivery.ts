import type { Example } from './example.ts';

export const deliveryExamples: readonly Example[] = [
  {
    name: 'ProjectBoard',
    query: `# A board: each column in the order of its cards.
# taskMove changes one card and leaves the others.
query ProjectBoard {
  projects(
    first: 2
    filter: { status: { eq: ACTIVE } }
    orderBy: [{ startsOn: { direction: DESC } }]
  ) {
    nodes {
      id
      name
      account { name }
      manager { displayName }
      progress { done total percent overdue }
      todo: tasks(
        first: 5
        filter: { status: { eq: TODO } }
      ) { ...Column }
      inProgress: tasks(
        filter: { status: { eq: IN_PROGRESS } }
      ) { ...Column }
      blocked: tasks(
        filter: { status: { eq: BLOCKED } }
      ) { ...Column }
    }
  }
}

fragment Column on TaskConnection {
  totalCount
  nodes {
    id
    title
    position
    priority
    dueOn
    storyPoints
    assignee { displayName }
    subtasks { nodes { title isCompleted } }
    version
  }
}
`,
  },
  {
    name: 'Profitability',
    query: `# What projects earned and cost: invoices, payments,
# time at the rates of its day, and expenses. One
# amount for each currency; they are never added up.
query Profitability($first: Int!) {
  projects(
    first: $first
    filter: { status: { in: [ACTIVE, COMPLETED] } }
    orderBy: [{ endsOn: { direction: DESC } }]
  ) {
    nodes {
      name
      status
      budget { amount currency }
      profitability {
        byCurrency {
          revenue { amount currency }
          paid { amount }
          labourCost { amount }
          expenses { amount }
          margin { amount }
        }
        byMonth {
          month
          labourCost { amount currency }
          margin { amount }
        }
      }
    }
  }
}
`,
    variables: { first: 5 },
  },
  {
    name: 'Timesheets',
    query: `# What waits for a decision. timesheetApprove locks the
# time for good, timesheetReject opens it again.
query Timesheets {
  timesheets(
    filter: { status: { in: [SUBMITTED, REJECTED] } }
  ) {
    totalCount
    nodes {
      id
      version
      status
      periodStartOn
      periodEndOn
      note
      user { displayName }
      timeEntries(first: 5) {
        totalCount
        nodes {
          loggedOn
          durationMinutes
          description
          billRate { amount currency }
          project { name }
          task { title }
        }
      }
    }
  }
}
`,
  },
];
