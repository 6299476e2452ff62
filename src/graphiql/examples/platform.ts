import type { Example } from './example.ts';

export const platformExamples: readonly Example[] = [
  {
    name: 'AuditTrail',
    query: `# Who changed what, written by the database itself.
# Needs audit:read, which admins and owners have.
query AuditTrail($entityType: String!) {
  auditLogs(
    first: 10
    filter: { entityType: { eq: $entityType } }
    orderBy: [{ createdAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      createdAt
      action
      entityType
      entityId
      changes
      requestId
    }
  }
}
`,
    variables: { entityType: 'contact' },
  },
  {
    name: 'ApiKeys',
    query: `# Keys for programs. A key is good in one organization,
# for no more than its role and its scopes.
query ApiKeys {
  apiKeys(
    filter: { revokedAt: { isNull: true } }
    orderBy: [{ createdAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      id
      name
      prefix
      role
      scopes
      lastUsedAt
      expiresAt
      createdBy { displayName }
    }
  }
}
`,
  },
  {
    name: 'CreateApiKey',
    query: `# The secret is shown once. Send it as
# "Authorization: Bearer <secret>", without X-Org.
mutation CreateApiKey($input: ApiKeyCreateInput!) {
  apiKeyCreate(input: $input) {
    apiKey { id prefix role scopes expiresAt }
    secret
    userErrors { code message path }
  }
}
`,
    variables: { input: { name: 'Reporting', role: 'VIEWER', scopes: ['crm:read'] } },
  },
];
