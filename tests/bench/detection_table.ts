import type { Evaluation } from "../../pipeline/mod.ts";
import type { CaptureEvaluation } from "./detection.ts";

const two = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : value.toFixed(2);
const three = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : value.toFixed(3);

export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)]
    .join("\n");
}

/** Whether its only C2 is DNS, for which no detector of pairs can speak. */
const onlyDns = ({ capture }: CaptureEvaluation) =>
  capture.truth.every(({ log, label }) =>
    !/^(c2|beacon|longconn)/.test(label) || log === "dns"
  );

/** The mean average precision of a method over the captures with C2 in conn, http or ssl. */
export function meanPrecision(
  evaluations: readonly CaptureEvaluation[],
  method: string,
): number | null {
  const values = evaluations.filter((e) => !onlyDns(e))
    .map(({ methods }) => methods[method]?.averagePrecision ?? null)
    .filter((value) => value !== null);
  return values.length === 0
    ? null
    : values.reduce((total, value) => total + value, 0) / values.length;
}

/** Average precision by capture and method, then each known pair's rank. */
export function captureTable(
  evaluations: readonly CaptureEvaluation[],
): string {
  const methods = [
    ...new Set(evaluations.flatMap((e) => Object.keys(e.methods))),
  ];
  const precision = markdownTable(
    ["capture", "findings", ...methods, "false alarms", "s"],
    [
      ...evaluations.map(({ capture, report, methods: by, seconds }) => [
        capture.name,
        String(report.findings.length),
        ...methods.map((name) => three(by[name]?.averagePrecision)),
        String(by.skerry.falseAlarms),
        seconds.toFixed(1),
      ]),
      [
        "mean over those with C2 in conn, http or ssl",
        "",
        ...methods.map((name) => three(meanPrecision(evaluations, name))),
        "",
        "",
      ],
    ],
  );
  return [
    "## Average precision by capture",
    precision,
    "## Rank of each known pair",
    pairTable(evaluations),
    "",
  ].join("\n\n");
}

function pairTable(evaluations: readonly CaptureEvaluation[]): string {
  const rankOf = (by: Evaluation | undefined, i: number) =>
    String(by?.rows[i].rank ?? "–");
  return markdownTable(
    ["capture", "label", "pair", "rank", "score", "severity", "judged"],
    evaluations.flatMap(({ capture, methods: { skerry } }) =>
      skerry.rows.map(({ truth, score, judged, role }, i) => [
        capture.name,
        truth.label,
        `${truth.src} → ${
          truth.name === "-" ? truth.dst : truth.name
        }:${truth.port}`.replaceAll("*", "\\*"),
        rankOf(skerry, i),
        two(score),
        score === null ? "–" : severityWord(score),
        judged ? role : `no (${role})`,
      ])
    ),
  );
}

function severityWord(score: number): string {
  if (score > 0.8) return "critical";
  if (score >= 0.6) return "high";
  if (score >= 0.4) return "medium";
  return score >= 0.2 ? "low" : "none";
}
