import type { FindingRowView } from "./_finding_api.ts";

/** The sentence without the two ends, which stand above it. */
export function saidOf(
  { summary, src, dst, port, name }: Pick<
    FindingRowView["best"],
    "summary" | "src" | "dst" | "port" | "name"
  >,
): string {
  if (!summary.startsWith(`${src} `)) return summary;
  const said = summary.slice(src.length + 1);
  const to = name ?? (port === null ? dst : `${dst} port ${port}`);
  for (
    const [ends, kept] of [[`contacts ${to} `, ""], [
      `stays connected to ${to} `,
      "stays connected ",
    ]]
  ) {
    if (said.startsWith(ends)) return kept + said.slice(ends.length);
  }
  return said;
}
