import {
  BANDS,
  type Bands,
  bandsOf,
  bandsText,
  csv,
  type Dataset,
  type Flag,
  huntChange,
  huntChangeText,
  listedFindings,
  namedValue,
  type RunReport,
  type Score,
  type SessionStore,
  thresholdParams,
  type Thresholds,
  thresholdsOf,
} from "../mod.ts";
import { understood } from "./arguments.ts";
import type { Call } from "./command.ts";
import { deliver } from "./output.ts";

const names = Object.entries(thresholdParams()).map(([name, row]) =>
  `${name} (${row.default})`
);

/** What the detectors go by; a run keeps what it was given. */
export const THRESHOLDS: readonly Flag[] = [
  {
    name: "threshold",
    value: "NAME=VALUE",
    many: true,
    doc: `a detector's limit; may be given several times: ${names.join(", ")}`,
  },
  {
    name: "bands",
    value: "NAME=SCORE,…",
    doc: `where severities begin, as critical=0.85,high=0.7 (default ${
      bandsText(BANDS)
    })`,
  },
];

export const PREVIEW: Flag = {
  name: "preview",
  doc:
    "only say how many findings would change against the last run; keep nothing",
};

/** @throws UsageError for a name that there is not, or a value out of range. */
export function thresholdsFlag(
  { flags }: Call,
  score?: Score,
): Thresholds | undefined {
  const given = flags.texts("threshold");
  if (given.length === 0) return undefined;
  return understood(() => thresholdsOf(given.map(namedValue), score));
}

/** @throws UsageError as `bandsOf`. */
export function bandsFlag({ flags }: Call): Bands | undefined {
  const text = flags.text("bands");
  if (text === undefined) return undefined;
  return understood(() => bandsOf(text.split(",").map(namedValue)));
}

/** Writes what a hunt that was not kept would change. */
export async function noteChange(
  store: SessionStore,
  dataset: Dataset,
  report: RunReport,
  call: Call,
): Promise<number> {
  const last = await store.lastRun(dataset);
  const before = last ? await listedFindings(store, last.id) : [];
  const change = huntChange(before, report.findings);
  call.progress.clear();
  await deliver(call, {
    json: () => change,
    csv: () =>
      csv(
        ["severity", "before", "after"],
        change.severities.map((row) => [row.severity, row.before, row.after]),
      ),
    text: () => `  ${huntChangeText(change)}\n  Nothing was kept.`,
  });
  return 0;
}
