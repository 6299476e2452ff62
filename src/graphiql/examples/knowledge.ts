import type { Example } from './example.ts';

export const knowledgeExamples: readonly Example[] = [
  {
    name: 'SearchDocuments',
    query: `# Documents by meaning, the closest first. Only those of
# this organization are ever compared.
query SearchDocuments(
  $text: String!
  $filter: DocumentFilter
) {
  searchDocuments(text: $text, first: 5, filter: $filter) {
    model
    exact
    edges {
      score
      node { id title body mimeType account { name } }
    }
  }
}
`,
    variables: { text: 'who approves changes and how many rounds of feedback', filter: { status: { eq: 'ACTIVE' } } },
  },
];
