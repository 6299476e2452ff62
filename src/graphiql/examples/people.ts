import type { Example } from './example.ts';

export const peopleExamples: readonly Example[] = [
  {
    name: 'MyPeople',
    query: `# Yourself and everybody below you; all employees if you
# are an admin. Try it as a member too: others stay hidden.
query MyPeople($first: Int!) {
  employees(
    first: $first
    filter: { status: { ne: TERMINATED } }
    orderBy: [{ lastName: {} }]
  ) {
    totalCount
    nodes {
      firstName
      lastName
      title
      manager { lastName }
      reports { totalCount }
      leaveRequests(first: 3) {
        nodes { type status startsOn endsOn workingDays }
      }
      trainingEnrollments(filter: { isOverdue: true }) {
        nodes { dueOn course { title } }
      }
    }
  }
}
`,
    variables: { first: 10 },
  },
  {
    name: 'LeaveToDecide',
    query: `# Leave that waits for a decision, the first day off first.
# leaveRequestApprove and leaveRequestReject take the id.
query LeaveToDecide {
  leaveRequests(
    filter: { status: { eq: PENDING } }
    orderBy: [{ startsOn: {} }]
  ) {
    totalCount
    nodes {
      id
      type
      startsOn
      endsOn
      workingDays
      reason
      employee { firstName lastName department }
    }
  }
}
`,
  },
];
