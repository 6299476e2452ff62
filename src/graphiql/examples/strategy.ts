import type { Example } from './example.ts';

export const strategyExamples: readonly Example[] = [
  {
    name: 'Roadmaps',
    query: `# What projects follow, and what they know.
query Roadmaps {
  roadmaps(first: 5, filter: { status: { eq: ACTIVE } }) {
    nodes {
      title
      versionNumber
      project { name status startsOn }
      contextSnapshot { versionNumber summary metrics }
      phases {
        nodes {
          name
          startsOn
          endsOn
          milestones { nodes { name status } }
        }
      }
    }
  }
}
`,
  },
  {
    name: 'Briefs',
    query: `# What clients want, and how it came to be.
# Compare two with briefVersionDiff.
query Briefs {
  briefs(
    first: 5
    filter: { currentVersionNumber: { gt: 1 } }
  ) {
    nodes {
      id
      title
      status
      account { name }
      versions {
        nodes {
          versionNumber
          content
          author { displayName }
        }
      }
    }
  }
}
`,
  },
];
