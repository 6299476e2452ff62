import type { Example } from './example.ts';

export const supportExamples: readonly Example[] = [
  {
    name: 'LateTickets',
    query: `# Tickets whose solution is late, the most overdue
# first, with the last words to the client.
query LateTickets($first: Int!) {
  tickets(
    first: $first
    filter: {
      isResolutionBreached: true
      resolvedAt: { isNull: true }
    }
    orderBy: [{ resolutionDueAt: {} }]
  ) {
    totalCount
    nodes {
      ticketNumber
      subject
      status
      priority
      resolutionDueAt
      isFirstResponseBreached
      sla { name }
      account { name }
      device {
        serialNumber
        isUnderWarranty
        deviceType { name manufacturer }
      }
      assignee { displayName }
      comments(
        first: 1
        filter: { isInternal: { eq: false } }
      ) {
        nodes { body createdAt author { displayName } }
      }
    }
  }
}
`,
    variables: { first: 10 },
  },
  {
    name: 'DispatchBoard',
    query: `# Who goes where in the next two weeks. Visits of one
# technician never overlap.
query DispatchBoard($from: DateTimeOrDuration!) {
  dispatchAssignments(
    first: 20
    filter: {
      startsAt: { gte: $from }
      status: { ne: CANCELED }
    }
    orderBy: [{ startsAt: {} }]
  ) {
    totalCount
    nodes {
      startsAt
      endsAt
      status
      technician { displayName }
      ticket {
        ticketNumber
        subject
        property { name accessNotes }
      }
      task { title }
    }
  }
}
`,
    variables: { from: 'P0D' },
  },
  {
    name: 'Reorder',
    query: `# What is to be ordered: items of which warehouses and
# vehicles hold less than the reorder point together.
query Reorder {
  inventoryItems(
    filter: { needsReorder: { eq: true } }
    orderBy: [{ sku: {} }]
  ) {
    nodes {
      sku
      name
      quantityInStock
      reorderPoint
      unitCost { amount currency }
      stockLevels {
        nodes { quantity warehouse { name } }
      }
      vehicleInventory {
        nodes {
          quantity
          vehicle
          technician { displayName }
        }
      }
    }
  }
}
`,
  },
];
