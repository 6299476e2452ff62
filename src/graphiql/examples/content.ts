import type { Example } from './example.ts';

export const contentExamples: readonly Example[] = [
  {
    name: 'Website',
    query: `# What everybody reads who has the site key of an
# organization, without a sign-in: Organization.siteKey.
query Website($key: String!) {
  site(key: $key) {
    name
    sections {
      key
      title
      items(first: 3) { slug title body publishedAt }
    }
  }
}
`,
    variables: { key: 'site_f28dcca8ea1254f9a155de9272c2630b' },
  },
  {
    name: 'Unpublished',
    query: `# Everything that is not published, or not yet.
query Unpublished {
  cmsItems(
    filter: { status: { ne: PUBLISHED } }
    orderBy: [{ status: { direction: ASC } }]
  ) {
    nodes {
      title
      status
      publishedAt
      section { title }
      author { displayName }
    }
  }
}
`,
  },
];
