/**
 * What Yoga has let through before: documents that it parsed, validated and answered by a compiled read, and the content
 * type that it chose for an `Accept` header. Both are bounded.
 */
import type { DocumentNode } from 'graphql';
import type { GraphQLParams, Plugin } from 'graphql-yoga';
import { documentCache } from '../plugins/document-cache.ts';
import { isJson } from '../plugins/use-http-rules.ts';

const accepts = { entries: 100, bytes: 20_000, entryBytes: 500 };

export interface KnownReads {
  /** The document of a text. */
  document(query: string): DocumentNode | undefined;
  /** The content type for an `Accept` header. */
  contentType(accept: string): string | undefined;
  /** Watches what goes through Yoga. */
  readonly plugin: Plugin<{ params: GraphQLParams }>;
}

/** Makes an empty memory. */
export function rememberReads(): KnownReads {
  const documents = documentCache<DocumentNode>();
  const contentTypes = documentCache<string>(accepts);
  /** Requests whose answer is that of a compiled read. */
  const read = new WeakSet<Request>();
  return {
    document: (query) => documents.get(query),
    contentType: (accept) => contentTypes.get(accept),
    plugin: {
      onExecute({ args }) {
        const { query } = args.contextValue.params;
        return {
          onExecuteDone({ result }) {
            if (query && 'stringify' in result) documents.set(query, args.document);
          },
        };
      },
      onResultProcess({ request, result }) {
        if ('stringify' in result) read.add(request);
      },
      onResponse({ request, response }) {
        const type = response.headers.get('content-type');
        if (!read.has(request) || response.status !== 200 || !isJson(type)) return;
        contentTypes.set(request.headers.get('accept') ?? '', type ?? '');
      },
    },
  };
}
