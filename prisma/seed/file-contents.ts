/** What stands in the demo's files: small, whole and the same every time. */

export interface Content {
  readonly mimeType: string;
  readonly bytes: Buffer;
}

const text = (mimeType: string, lines: readonly string[]): Content => ({
  mimeType,
  bytes: Buffer.from(`${lines.join('\n')}\n`),
});

/** Notes in Markdown. */
export const markdown = (title: string, paragraphs: readonly string[]): Content =>
  text('text/markdown', [`# ${title}`, ...paragraphs.flatMap((paragraph) => ['', paragraph])]);

const cell = (value: string | number): string =>
  /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);

/** A table, as spreadsheets read it. */
export const csv = (header: readonly string[], rows: readonly (readonly (string | number)[])[]): Content =>
  text(
    'text/csv',
    [header, ...rows].map((row) => row.map(cell).join(',')),
  );

const escapeXml = (value: string): string => value.replace(/[<>&"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** A word mark: the first letter in a circle, and the name beside it. */
export const logo = (name: string, color: string): Content =>
  text('image/svg+xml', [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 120" font-family="sans-serif">',
    `  <circle cx="60" cy="60" r="44" fill="${color}"/>`,
    `  <text x="60" y="78" font-size="52" text-anchor="middle" fill="#fff">${escapeXml(name.charAt(0))}</text>`,
    `  <text x="124" y="74" font-size="36" fill="${color}">${escapeXml(name)}</text>`,
    '</svg>',
  ]);

/** A floor plan: rooms side by side, with their names. */
export const floorPlan = (
  title: string,
  rooms: readonly { readonly name: string; readonly width: number }[],
): Content => {
  let x = 20;
  const drawn = rooms.flatMap(({ name, width }) => {
    const left = x;
    x += width;
    return [
      `  <rect x="${left}" y="40" width="${width}" height="160" fill="none" stroke="#333" stroke-width="3"/>`,
      `  <text x="${left + width / 2}" y="124" font-size="14" text-anchor="middle">${escapeXml(name)}</text>`,
    ];
  });
  return text('image/svg+xml', [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${x + 20} 220" font-family="sans-serif">`,
    `  <text x="20" y="26" font-size="16">${escapeXml(title)}</text>`,
    ...drawn,
    '</svg>',
  ]);
};

const pdfText = (line: string): string => line.replace(/[^\x20-\x7e]/g, '-').replace(/[\\()]/g, '\\$&');

/** A page of text as PDF 1.4, in the standard font Helvetica. */
export function pdf(title: string, lines: readonly string[]): Content {
  const body = [
    `BT /F1 18 Tf 72 770 Td (${pdfText(title)}) Tj /F1 11 Tf 0 -34 Td`,
    ...lines.map((line) => `(${pdfText(line)}) Tj 0 -17 Td`),
    'ET',
  ].join('\n');
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${body.length} >>\nstream\n${body}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const trailer = `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return {
    mimeType: 'application/pdf',
    bytes: Buffer.from(`${file}xref\n0 6\n0000000000 65535 f \n${entries}${trailer}`, 'latin1'),
  };
}
