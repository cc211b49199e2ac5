import { SEVERITIES, type Severity } from "../finding.ts";
import type { RunSummary } from "../store/session_store.ts";
import { count, time } from "../wording.ts";
import { csv } from "./csv.ts";
import { styled, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

/** A run with how many of its findings are of each severity. */
export interface CountedRun {
  readonly run: RunSummary;
  readonly severities: Readonly<Record<Severity, number>>;
}

/** Runs as a table, newest first. */
export function runsText(
  runs: readonly CountedRun[],
  terminal: Terminal,
  timeZone: string,
): string {
  if (runs.length === 0) {
    return "\n  Nothing has been hunted yet. Begin with   skerry run DIR\n";
  }
  const head = `  ${"run".padStart(6)}  ${
    timeZone.padEnd(19)
  }  crit  high  med.   low  none  dataset`;
  return [
    "",
    styled(terminal, "dim", head),
    ...runs.map(({ run, severities }) => {
      const numbers = SEVERITIES.map((severity) =>
        count(severities[severity]).padStart(4)
      ).join("  ");
      return `  ${String(run.id).padStart(6)}  ${
        time(run.startedAt, timeZone).padEnd(19)
      }  ${numbers}  ${visible(run.dataset)}`;
    }),
    "",
  ].join("\n");
}

/** The document of `runs --json`. */
export function runsJson(runs: readonly CountedRun[]): unknown {
  return runs.map(({ run, severities }) => ({
    id: run.id,
    dataset: run.dataset,
    startedAt: run.startedAt,
    window: run.report.window,
    findings: run.findingCount,
    severities,
  }));
}

export function runsCsv(runs: readonly CountedRun[]): string {
  return csv(
    ["id", "dataset", "startedAt", "findings", ...SEVERITIES],
    runs.map(({ run, severities }) => [
      run.id,
      run.dataset,
      run.startedAt,
      run.findingCount,
      ...SEVERITIES.map((severity) => severities[severity]),
    ]),
  );
}
