import type { Example } from './example.ts';

export const financeExamples: readonly Example[] = [
  {
    name: 'Receivables',
    query: `# What clients owe, each currency for itself, and the
# invoices that are overdue, the oldest first.
query Receivables($first: Int!) {
  receivables {
    currency
    openCount
    open { amount }
    overdueCount
    overdue { amount }
    paidThisMonth { amount }
    uncollectible { amount }
  }
  invoices(
    first: $first
    filter: { isOverdue: true }
    orderBy: [{ dueOn: {} }]
  ) {
    totalCount
    nodes {
      invoiceNumber
      dueOn
      total { amount currency }
      balance { amount }
      notes
      account { name email }
    }
  }
}
`,
    variables: { first: 10 },
  },
  {
    name: 'BilledTime',
    query: `# Invoices with their lines, and the time each line bills.
query BilledTime {
  invoices(
    first: 3
    filter: {
      lineItems: {
        some: {
          invoiceTimeEntries: {
            some: { timeEntry: { isBillable: { eq: true } } }
          }
        }
      }
    }
    orderBy: [{ issuedOn: { direction: DESC } }]
  ) {
    nodes {
      invoiceNumber
      status
      project { name }
      lineItems(first: 5) {
        nodes {
          description
          quantity
          unitPrice { amount }
          tax { amount }
          total { amount currency }
          invoiceTimeEntries(first: 3) {
            totalCount
            nodes {
              timeEntry {
                loggedOn
                durationMinutes
                user { displayName }
              }
            }
          }
        }
      }
      payments {
        nodes { receivedAt method amount { amount } }
      }
    }
  }
}
`,
  },
  {
    name: 'ExpensesToDecide',
    query: `# Expenses that wait for a decision, the oldest first.
# expenseApprove and expenseReject take their ids.
query ExpensesToDecide {
  expenses(
    filter: { status: { eq: SUBMITTED } }
    orderBy: [{ submittedAt: {} }]
  ) {
    totalCount
    nodes {
      id
      version
      user { displayName }
      category
      vendor
      amount { amount currency }
      spentOn
      isBillable
      project { name }
      receiptFile { name }
    }
  }
}
`,
  },
];
