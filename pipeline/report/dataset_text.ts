import type { DatasetFile, DatasetReport, FileLog } from "../dataset_report.ts";
import type { BadField } from "../errors.ts";
import type { DatasetSummary } from "../store/session_store.ts";
import { bytes, count, plural, time } from "../wording.ts";
import { csv } from "./csv.ts";
import { coverageText, windowText } from "./run_text.ts";
import { labelled, styled, type Terminal, wrap } from "./terminal.ts";
import { visible } from "./visible.ts";

/** Reasons that are shown of each log; JSON has more of them. */
const REASONS = 3;

/** The import report of a dataset: what was read, what not, and why. */
export function datasetText(
  report: DatasetReport,
  terminal: Terminal,
  timeZone: string,
): string {
  const { dataset, coverage, files, runs } = report;
  const line = (label: string, text: string) =>
    labelled(terminal, label, visible(text));
  return [
    "",
    "  " + styled(terminal, "bold", visible(dataset.name)),
    "",
    line("records", countsText(dataset.records) || "none"),
    line("window", windowText(coverage, timeZone)),
    line("coverage", coverageText(coverage, timeZone)),
    ...(dataset.skipped > 0
      ? [line("not read", plural(dataset.skipped, "line"))]
      : []),
    ...(Object.keys(report.otherRecords).length > 0
      ? [
        line(
          "left out",
          `records of log types not kept (import --records): ${
            countsText(report.otherRecords)
          }`,
        ),
      ]
      : []),
    ...report.notes.map((text) => line("damage", text)),
    ...(dataset.unfinished > 0
      ? [
        line(
          "unfinished",
          `${
            plural(dataset.unfinished, "record")
          } of an import that was stopped; the next import goes on from them`,
        ),
      ]
      : []),
    line(
      "runs",
      runs.length === 0
        ? "none"
        : `${count(runs.length)}, the last is run ${runs[0].id} of ${
          time(runs[0].startedAt, timeZone)
        } ${timeZone}`,
    ),
    "",
    `  ${plural(files.length, "file")}`,
    ...files.flatMap((file) => fileLines(file, terminal, timeZone)),
    "",
  ].join("\n");
}

function fileLines(
  file: DatasetFile,
  terminal: Terminal,
  timeZone: string,
): string[] {
  const grown = file.parts > 1
    ? `, read in ${count(file.parts)} parts as it grew`
    : "";
  const rate = file.seconds ? `, ${bytes(file.size / file.seconds)}/s` : "";
  const others = countsText(file.otherRecords);
  return [
    ...indented(
      `${file.path} (${bytes(file.size)}${rate}${grown})`,
      2,
      terminal,
    ),
    ...file.logs.flatMap((log) => [
      ...indented(logText(log, timeZone), 6, terminal),
      ...log.errors.slice(0, REASONS).flatMap((bad) =>
        indented(reasonText(file.path, bad), 8, terminal)
      ),
      ...moreText(log).flatMap((text) => indented(text, 8, terminal)),
    ]),
    ...(others ? indented(`not kept: ${others}`, 6, terminal) : []),
  ];
}

function logText(log: FileLog, timeZone: string): string {
  const span = log.firstTs === null || log.lastTs === null
    ? ""
    : `, ${time(log.firstTs, timeZone)} to ${time(log.lastTs, timeZone)}`;
  return `${log.logType} (${log.format}): ${plural(log.records, "record")}, ${
    count(log.skipped)
  } skipped${span}`;
}

/** Of skipped lines that are not shown. */
function moreText({ skipped, errors }: FileLog): string[] {
  const shown = Math.min(errors.length, REASONS);
  if (shown === 0 || skipped <= shown) return [];
  const listed = skipped === errors.length
    ? "all"
    : `the first ${count(errors.length)}`;
  return [`… and ${count(skipped - shown)} more; --json - lists ${listed}`];
}

/** file:line:field:value, as editors and people find it. */
function reasonText(
  path: string,
  { line, field, value, reason }: BadField,
): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return `${name}:${line}:${field}:${JSON.stringify(value)} ${reason}`;
}

function indented(text: string, by: number, terminal: Terminal): string[] {
  return wrap(visible(text), terminal.width - by).map((line) =>
    " ".repeat(by) + line
  );
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts).map(([type, n]) => `${type} ${count(n)}`)
    .join(", ");
}

/** One line per file and log type, with a header. */
export function datasetCsv({ files }: DatasetReport): string {
  return csv(
    [
      "path",
      "size",
      "parts",
      "logType",
      "format",
      "records",
      "skipped",
      "firstTs",
      "lastTs",
      "firstReason",
    ],
    files.flatMap((file) =>
      file.logs.map((log) => [
        file.path,
        file.size,
        file.parts,
        log.logType,
        log.format,
        log.records,
        log.skipped,
        log.firstTs,
        log.lastTs,
        log.errors.length > 0 ? reasonText(file.path, log.errors[0]) : null,
      ])
    ),
  );
}

/** The document of `datasets show --json`. */
export function datasetJson(
  { runs, ...report }: DatasetReport,
): Record<string, unknown> {
  return {
    ...report,
    runs: runs.map(({ id, startedAt, findingCount }) => ({
      id,
      startedAt,
      findings: findingCount,
    })),
  };
}

/** One line per dataset, with a header. */
export function datasetsCsv(datasets: readonly DatasetSummary[]): string {
  const types = [...new Set(datasets.flatMap((d) => Object.keys(d.records)))];
  return csv(
    [
      "name",
      "files",
      "skipped",
      "firstTs",
      "lastTs",
      "runs",
      "unfinished",
      ...types,
    ],
    datasets.map((dataset) => [
      dataset.name,
      dataset.files,
      dataset.skipped,
      dataset.firstTs,
      dataset.lastTs,
      dataset.runs,
      dataset.unfinished,
      ...types.map((type) => dataset.records[type]),
    ]),
  );
}
