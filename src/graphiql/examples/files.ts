import type { Example } from './example.ts';

export const filesExamples: readonly Example[] = [
  {
    name: 'Files',
    query: `# The latest documents with what they are attached to.
# Open downloadUrl within five minutes.
query Files($first: Int!) {
  fileStorage { totalBytes fileCount }
  files(
    first: $first
    filter: { status: { eq: READY } }
    orderBy: [{ createdAt: { direction: DESC } }]
  ) {
    totalCount
    nodes {
      id
      name
      mimeType
      sizeBytes
      downloadUrl(expiresInSeconds: 300)
      uploadedBy { displayName }
      attachments {
        nodes {
          entityType
          entity {
            ... on Account { name }
            ... on Contract { title }
            ... on Property { name }
            ... on Interaction { subject }
          }
        }
      }
    }
  }
}
`,
    variables: { first: 5 },
  },
  {
    name: 'UploadFile',
    query: `# Announces a file. Send its bytes to upload.url:
#   printf 'Hello, world!' | curl -T - -H \\
#     'Content-Type: text/plain' '<url>'
# and confirm it with fileConfirm(input: { id: … }).
mutation UploadFile($input: FileUploadStartInput!) {
  fileUploadStart(input: $input) {
    file { id status }
    upload {
      method
      url
      headers { name value }
      expiresAt
    }
    userErrors { code message path }
  }
}
`,
    variables: {
      input: {
        name: 'hello.txt',
        mimeType: 'text/plain',
        sizeBytes: '13',
        sha256: '315f5bdb76d078c43b8ac0064e4a0164612b1fce77c869345bfc94c75894edd3',
      },
    },
  },
  {
    name: 'Integrations',
    query: `# Credentials for other services (never the secrets),
# and what the webhooks of the organization were told.
query Integrations {
  integrationCredentials(orderBy: [{ provider: {} }]) {
    nodes {
      provider
      label
      isSet
      keyVersion
      lastUsedAt
    }
  }
  webhookEndpoints {
    nodes {
      url
      eventTypes
      isActive
      failureCount
      webhookDeliveries(
        first: 3
        filter: { status: { ne: DELIVERED } }
      ) {
        totalCount
        nodes {
          eventType
          status
          attempt
          nextAttemptAt
          responseStatus
          responseExcerpt
          event { operation entityId }
        }
      }
    }
  }
}
`,
  },
];
