/**
 * The `Content-Disposition` of a download (RFC 6266): always an attachment, so that no browser shows a page or runs a script
 * that somebody uploaded. The name comes twice: in ASCII for old clients, and as it is (RFC 5987).
 */
export function attachmentOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7e]/g, '_').replace(/["\\%]/g, '_');
  const exact = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
