import { bandsText } from "../bands.ts";
import { SEVERITIES } from "../finding.ts";
import { byLane } from "../lanes.ts";
import type { RankedFinding, RunReport, Window } from "../run_report.ts";
import { count, plural, seconds, share, time } from "../wording.ts";
import { benignFileText } from "./benign_text.ts";
import { knownFiles } from "./import_text.ts";
import { findingsText, lanesText } from "./findings_text.ts";
import { organisationsText } from "./host_text.ts";
import { labelled, styled, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

export interface RunTextOptions {
  readonly terminal: Terminal;
  /** IANA name; changes display only. */
  readonly timeZone: string;
  /** Files read by this run, and files that were known already. */
  readonly newFiles: number;
  readonly unchanged: number;
  readonly location: string;
  /** How a command is typed here: "show 1" → "skerry show 1 --store a.db". */
  readonly command: (words: string) => string;
  /** Most findings to print. */
  readonly limit: number;
  /** The findings to list; all where absent. */
  readonly listed?: readonly RankedFinding[];
}

/** What a run says on the terminal: what was read, what was found, what next. */
export function runText(report: RunReport, options: RunTextOptions): string {
  return [
    "",
    ...headText(report, options),
    "",
    ...countsText(report, options),
    "",
    ...listText(report, options),
    "",
    ...nextText(report, options),
    "",
  ].join("\n");
}

function listText(report: RunReport, options: RunTextOptions): string[] {
  const { listed = report.findings } = options;
  if (report.findings.length === 0) {
    return [
      "  Nothing repeats often or long enough to be a finding. The lines above say what was",
      "  not looked at.",
    ];
  }
  return listed.length === 0
    ? [
      `  Nothing is new, raised or lowered since the last run; unchanged: ${
        plural(report.findings.length, "finding")
      }.`,
    ]
    : [...findingsText(listed, options), ...lanesText(listed, options)];
}

function headText(report: RunReport, options: RunTextOptions): string[] {
  const { terminal, timeZone } = options;
  const line = (label: string, text: string) => labelled(terminal, label, text);
  const asn = organisationsText(report, timeZone);
  const benign = benignFileText(report);
  return [
    styled(terminal, "bold", `  Skerry ${report.version}`) +
    ` · ${visible(report.dataset)} · times in ${timeZone}`,
    "",
    line("read", readText(report, options)),
    line("seen", seenText(report)),
    line("window", windowText(report.window, timeZone)),
    line("coverage", coverageText(report.window, timeZone)),
    ...skippedText(report).map((text) => line("not read", text)),
    ...report.notLookedAt.map((text) => line("left out", visible(text))),
    line("internal", internalText(report)),
    ...(asn === null ? [] : [line("addresses", visible(asn))]),
    ...(benign === null ? [] : [line("benign", visible(benign))]),
    ...(report.bands ? [line("severity", bandsText(report.bands))] : []),
    ...valuesText(report).map((text) => line("thresholds", text)),
    line("store", visible(options.location)),
  ];
}

/** "beacon.minScore=0.2, …"; none where all are the defaults. */
function valuesText({ values = {} }: RunReport): string[] {
  const given = Object.entries(values).flatMap(([detector, own]) =>
    Object.entries(own).map(([name, value]) => `${detector}.${name}=${value}`)
  );
  return given.length === 0 ? [] : [visible(given.join(", "))];
}

function readText(report: RunReport, options: RunTextOptions): string {
  const records = new Map<string, number>();
  for (const { logType, records: n } of report.imports) {
    records.set(logType, (records.get(logType) ?? 0) + n);
  }
  const types = [...records].map(([type, n]) => `${type} ${count(n)}`);
  const files = options.newFiles === 0
    ? `nothing new: ${knownFiles(options.unchanged)}`
    : options.unchanged === 0
    ? plural(options.newFiles, "file")
    : `${plural(options.newFiles, "new file")}, ${
      knownFiles(options.unchanged)
    }`;
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

/** How long a window is, and from when to when. */
export function windowText({ from, to }: Window, zone: string): string {
  if (from === null || to === null) return "no records";
  return `${seconds(to - from)}, from ${time(from, zone)} to ${
    time(to, zone)
  } ${zone}`;
}

/** Which share of a window has logs, and where there is none. */
export function coverageText(window: Window, zone: string): string {
  const covered = `${share(window.logCoverage)} of the window has logs`;
  if (window.gaps.length === 0) return `${covered}, no gaps`;
  const longest = window.gaps.toSorted((a, b) =>
    (b.to - b.from) - (a.to - a.from)
  );
  const shown = longest.slice(0, 3).map(({ from, to }) =>
    `${time(from, zone)} for ${seconds(to - from)}`
  );
  const more = longest.length > 3 ? `, and ${longest.length - 3} shorter` : "";
  return `${covered}; gaps: ${shown.join(", ")}${more}`;
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
  const lanes = byLane(report.findings).map(({ lane, own }) =>
    `${lane} ${count(own.length)} (best ${own[0].score.toFixed(2)})`
  );
  const hidden = Object.entries(report.hidden).map(([name, n]) =>
    `${count(n)} ${name}`
  );
  return [
    labelled(
      terminal,
      "findings",
      report.findings.length === 0 ? "none" : list.join(", "),
    ),
    ...(lanes.length < 2
      ? []
      : [labelled(terminal, "lanes", lanes.join(", "))]),
    labelled(
      terminal,
      "since last",
      changed.length === 0
        ? "nothing new, raised or lowered"
        : changed.join(", "),
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

function nextText(
  report: RunReport,
  { terminal, command }: RunTextOptions,
): string[] {
  const [best] = report.findings;
  const steps: [string, string][] = best
    ? [
      ["look at the first", command(`show ${best.rank}`)],
      ["see all of them", command("findings --min-score 0")],
      ["pages on 127.0.0.1:8000", command("serve")],
    ]
    : [["pages on 127.0.0.1:8000", command("serve")]];
  return [
    "  Next",
    ...steps.map(([what, words]) =>
      `    ${what.padEnd(24)} ${styled(terminal, "accent", words)}`
    ),
  ];
}
