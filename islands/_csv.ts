/**
 * Lines of comma-separated values (RFC 4180). A text that a spreadsheet would
 * run as a formula gets an apostrophe in front.
 */
export function csvOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [head, ...rows].map((row) => row.map(field).join(",") + "\r\n")
    .join("");
}

function field(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text))
    ? `'${text}`
    : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
