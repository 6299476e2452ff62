import type { Example } from './example.ts';

export const communicationExamples: readonly Example[] = [
  {
    name: 'Inbox',
    query: `# The conversations that you see, the latest first, with
# what you have not read. Groups and direct ones of
# others are not there, not even for an owner.
query Inbox {
  unreadMessageCount
  conversations(
    first: 10
    orderBy: [
      { lastMessageAt: { direction: DESC, nulls: LAST } }
    ]
  ) {
    totalCount
    nodes {
      id
      type
      title
      unreadCount
      lastMessageAt
      account { name }
      conversationParticipants {
        nodes {
          user { displayName }
          contact { fullName }
        }
      }
      messages(first: 2) {
        nodes { sentAt sender { displayName } body }
      }
    }
  }
}
`,
  },
  {
    name: 'WriteToSomebody',
    query: `# A direct conversation is found again rather than
# doubled: isNew is false if the two have written before.
mutation WriteToSomebody($input: ConversationStartInput!) {
  conversationStart(input: $input) {
    isNew
    conversation {
      id
      messages(first: 3) {
        nodes { sentAt body sender { displayName } }
      }
    }
    userErrors { code message path }
  }
}
`,
    variables: {
      input: {
        type: 'DIRECT',
        userIds: ['member_1af37cac-87f8-5030-9a67-02849e10c509'],
        body: 'Do you have ten minutes after lunch?',
      },
    },
  },
  {
    name: 'Calendar',
    query: `# What stands in the calendar, who comes, and what
# repeats. Durations such as -P1W count from now.
query Calendar(
  $from: DateTimeOrDuration
  $to: DateTimeOrDuration
) {
  events(
    first: 20
    filter: {
      or: [
        { startsAt: { gte: $from, lt: $to } }
        { recurrence: { isNull: false } }
      ]
      status: { ne: CANCELED }
    }
  ) {
    totalCount
    nodes {
      startsAt
      endsAt
      isAllDay
      recurrence
      title
      location
      account { name }
      organizer { displayName }
      eventAttendees {
        nodes {
          status
          user { displayName }
          contact { fullName }
        }
      }
    }
  }
}
`,
    variables: { from: '-P1W', to: 'P4W' },
  },
  {
    name: 'FreeBusy',
    query: `# When people are busy, with repeated events worked
# out. At most 31 days; what they do is not told.
query FreeBusy(
  $userIds: [ID!]!
  $from: DateTime!
  $to: DateTime!
) {
  freeBusy(userIds: $userIds, from: $from, to: $to) {
    user { displayName }
    busy { startsAt endsAt }
  }
}
`,
    variables: {
      userIds: ['member_1af37cac-87f8-5030-9a67-02849e10c509'],
      from: '2027-03-01T00:00:00Z',
      to: '2027-03-15T00:00:00Z',
    },
  },
];
