import { demoId } from '../../../prisma/seed/people.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import type { Example } from './example.ts';

export const nodeExamples: readonly Example[] = [
  {
    name: 'Node',
    query: `# Any record by its id. The last id is of another
# organization: null, as if there were no such record.
query Node($id: ID!, $ids: [ID!]!) {
  node(id: $id) {
    id
    __typename
    ... on Account { name lifecycle updatedAt version }
  }
  nodes(ids: $ids) {
    id
    ... on Contact { fullName }
    ... on Deal { title value { amount currency } }
  }
}
`,
    variables: {
      id: toGlobalId('Account', demoId('acme:accounts:0')),
      ids: [
        toGlobalId('Contact', demoId('acme:contacts:0')),
        toGlobalId('Deal', demoId('acme:deals:1')),
        toGlobalId('Deal', demoId('globex:deals:1')),
      ],
    },
  },
];
