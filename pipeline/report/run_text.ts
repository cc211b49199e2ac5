import { SEVERITIES } from "../finding.ts";
import type { RankedFinding, RunReport } from "../run_report.ts";
import { count, plural, seconds, time } from "../wording.ts";
import {
  labelled,
  rule,
  severityMark,
  styled,
  type Terminal,
  wrap,
} from "./terminal.ts";
import { visible } from "./visible.ts";

export interface RunTextOptions {
  readonly terminal: Terminal;
  /** IANA name; changes display only. */
  readonly timeZone: string;
  /** Files read by this run, and files that were known already. */
  readonly newFiles: number;
  readonly unchanged: number;
  readonly location: string;
  /** Most findings to print. */
  readonly limit: number;
}

/** What a run says on the terminal: what was read, what was found, what next. */
export function runText(report: RunReport, options: RunTextOptions): string {
  return [
    "",
    ...headText(report, options),
    "",
    ...countsText(report, options),
    "",
    ...findingsText(report.findings, options),
    "",
    ...nextText(report, options),
    "",
  ].join("\n");
}

function headText(report: RunReport, options: RunTextOptions): string[] {
  const { terminal, timeZone } = options;
  const line = (label: string, text: string) => labelled(terminal, label, text);
  return [
    styled(terminal, "bold", `  Skerry ${report.version}`) +
    ` · ${visible(report.dataset)} · times in ${timeZone}`,
    "",
    line("read", readText(report, options)),
    line("seen", seenText(report)),
    line("window", windowText(report, timeZone)),
    line("coverage", coverageText(report, timeZone)),
    ...skippedText(report).map((text) => line("not read", text)),
    ...report.notLookedAt.map((text) => line("left out", visible(text))),
    line("internal", internalText(report)),
    line("store", visible(options.location)),
  ];
}

function readText(report: RunReport, options: RunTextOptions): string {
  const records = new Map<string, number>();
  for (const { logType, records: n } of report.imports) {
    records.set(logType, (records.get(logType) ?? 0) + n);
  }
  const types = [...records].map(([type, n]) => `${type} ${count(n)}`);
  const files = options.newFiles === 0
    ? `nothing new: ${plural(options.unchanged, "file")} already in the store`
    : options.unchanged === 0
    ? plural(options.newFiles, "file")
    : `${plural(options.newFiles, "new file")}, ${
      count(options.unchanged)
    } already in the store`;
  return `${files}; records: ${types.join(", ") || "none"}`;
}

function seenText({ hostCount, connectionCount, sensors }: RunReport): string {
  const named = sensors.length === 0
    ? "the logs name no sensor"
    : `${plural(sensors.length, "sensor")} (${
      sensors.map(visible).join(", ")
    })`;
  return `${plural(connectionCount, "connection")}, ${
    plural(hostCount, "internal host")
  }, ${named}`;
}

function windowText({ window: { from, to } }: RunReport, zone: string): string {
  if (from === null || to === null) return "no records";
  return `${seconds(to - from)}, from ${time(from, zone)} to ${
    time(to, zone)
  } ${zone}`;
}

function coverageText({ window }: RunReport, zone: string): string {
  const share = `${
    Math.round(100 * window.logCoverage)
  } % of the window has logs`;
  if (window.gaps.length === 0) return `${share}, no gaps`;
  const longest = window.gaps.toSorted((a, b) =>
    (b.to - b.from) - (a.to - a.from)
  );
  const shown = longest.slice(0, 3).map(({ from, to }) =>
    `${time(from, zone)} for ${seconds(to - from)}`
  );
  const more = longest.length > 3 ? `, and ${longest.length - 3} shorter` : "";
  return `${share}; gaps: ${shown.join(", ")}${more}`;
}

function skippedText(report: RunReport): string[] {
  const bad = report.imports.filter(({ skipped }) => skipped > 0);
  if (bad.length === 0) return [];
  const lines = bad.reduce((sum, { skipped }) => sum + skipped, 0);
  const first = bad[0].errors[0];
  const example = first
    ? `, the first ${bad[0].path}:${first.line}${
      first.field ? ` ${first.field}` : ""
    } ${JSON.stringify(first.value)}: ${first.reason}`
    : "";
  return [
    visible(
      `${plural(lines, "line")} in ${plural(bad.length, "file")}${example}`,
    ),
  ];
}

function internalText({ internalNetworks: { foundBy } }: RunReport): string {
  return foundBy;
}

function countsText(report: RunReport, { terminal }: RunTextOptions): string[] {
  const bySeverity = SEVERITIES.map((severity) => ({
    severity,
    n: report.findings.filter((finding) => finding.severity === severity)
      .length,
  })).filter(({ n, severity }) => n > 0 || severity === "critical");
  const list = bySeverity.map(({ severity, n }) => `${count(n)} ${severity}`);
  const changed = ["new", "raised", "lowered"].map((state) => ({
    state,
    n: report.findings.filter((finding) => finding.state === state).length,
  })).filter(({ n }) => n > 0).map(({ state, n }) => `${count(n)} ${state}`);
  const hidden = Object.entries(report.hidden).map(([name, n]) =>
    `${count(n)} ${name}`
  );
  return [
    labelled(terminal, "findings", list.join(", ")),
    labelled(
      terminal,
      "since last",
      changed.length === 0 ? "nothing changed" : changed.join(", "),
    ),
    ...(hidden.length === 0 ? [] : [
      labelled(
        terminal,
        "hidden",
        `pairs that are no candidates: ${hidden.join(", ")}`,
      ),
    ]),
  ];
}

/** Rank, score, severity and summary; under it the strongest reasons and a uid. */
export function findingsText(
  findings: readonly RankedFinding[],
  { terminal, limit }: Pick<RunTextOptions, "terminal" | "limit">,
): string[] {
  if (findings.length === 0) {
    return [
      "  Nothing repeats often or long enough to be a finding. The lines above say what was",
      "  not looked at.",
    ];
  }
  const out = [rule(terminal)];
  for (const finding of findings.slice(0, limit)) {
    out.push(...findingLines(finding, terminal));
  }
  out.push(rule(terminal));
  const rest = findings.length - Math.min(limit, findings.length);
  if (rest > 0) {
    out.push(`  ${count(limit)} of ${count(findings.length)} shown`);
  }
  return out;
}

function findingLines(finding: RankedFinding, terminal: Terminal): string[] {
  const rank = String(finding.rank).padStart(4);
  const score = styled(terminal, "bold", finding.score.toFixed(2));
  const mark = severityMark(terminal, finding.severity).padEnd(13);
  const indent = 25;
  const say = wrap(visible(finding.summary), terminal.width - indent);
  const why = wrap(`why: ${whyText(finding)}`, terminal.width - indent);
  const under = " ".repeat(indent);
  return [
    `${rank}  ${score} ${mark} ${say[0]}`,
    ...say.slice(1).map((line) => under + line),
    ...why.map((line) => under + styled(terminal, "dim", line)),
  ];
}

function whyText(finding: RankedFinding): string {
  const own = finding.reasons.filter(({ name }) => name !== "prior");
  const best = own.filter(({ effect }) => effect > 0).slice(0, 2);
  const against = own.find(({ effect }) => effect < -0.5);
  const texts = best.map(({ text }) => text);
  if (against) texts.push(`against it: ${against.text}`);
  const uid = finding.uids[0] ? ` (uid ${finding.uids[0]})` : "";
  return visible(texts.join("; ") + uid);
}

function nextText(report: RunReport, { terminal }: RunTextOptions): string[] {
  const [best] = report.findings;
  const steps: [string, string][] = best
    ? [
      ["look at the first", `skerry show ${best.id}`],
      ["see all of them", "skerry findings"],
      ["open them in a browser", "skerry serve"],
    ]
    : [["open the page", "skerry serve"]];
  return [
    "  Next",
    ...steps.map(([what, command]) =>
      `    ${what.padEnd(24)} ${styled(terminal, "accent", command)}`
    ),
  ];
}
