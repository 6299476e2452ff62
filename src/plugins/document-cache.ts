/**
 * Parsed documents by their text, the least recently used forgotten first. Bounded in number and in length, so that no
 * client can fill the memory with documents that are never sent again.
 */

const maxDocuments = 1_000;
const maxLength = 20_000;

/** Makes an empty cache, in the shape that Yoga asks for. */
export function documentCache<T>() {
  const documents = new Map<string, T>();
  return {
    get(text: string): T | undefined {
      const found = documents.get(text);
      if (found === undefined) return undefined;
      documents.delete(text);
      documents.set(text, found);
      return found;
    },
    set(text: string, document: T): void {
      if (text.length > maxLength) return;
      documents.set(text, document);
      if (documents.size > maxDocuments) documents.delete(documents.keys().next().value ?? '');
    },
  };
}
