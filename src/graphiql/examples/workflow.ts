import type { Example } from './example.ts';

export const workflowExamples: readonly Example[] = [
  {
    name: 'MyDesk',
    query: `# What waits for me: unread notifications,
# and the decisions that nobody has made yet.
query MyDesk {
  unreadNotificationCount
  notifications(
    first: 5
    filter: { readAt: { isNull: true } }
  ) {
    nodes {
      id
      title
      body
      createdAt
      entity { __typename id }
    }
  }
  approvals(filter: { status: { eq: PENDING } }) {
    totalCount
    nodes {
      id
      reason
      payload
      requestedBy { displayName }
      approver { displayName }
      entity { __typename id }
    }
  }
}
`,
  },
  {
    name: 'EnqueueJob',
    query: `# Run it twice: the same key gets the same job.
# Workers take it with jobClaim, and end it with
# jobComplete or jobFail.
mutation EnqueueJob($input: JobEnqueueInput!) {
  jobEnqueue(input: $input) {
    job {
      id
      type
      status
      attempt
      maxAttempts
      runAt
    }
    userErrors { code message path }
  }
}
`,
    variables: {
      input: {
        type: 'report.render',
        payload: { report: 'pipeline' },
        priority: 5,
        idempotencyKey: 'pipeline-report-of-today',
      },
    },
  },
  {
    name: 'Features',
    query: `# What is open in this organization, and what closes
# the rest: a kill switch, the plan or a flag.
query Features {
  features {
    key
    name
    isOpen
    closedBy
    reason
    plan
    killSwitch
  }
  organization {
    subscription { plan status seats seatsInUse }
  }
}
`,
  },
];
