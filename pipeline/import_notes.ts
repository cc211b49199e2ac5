import { SkerryError } from "./errors.ts";
import type { FileReport, FoundLogs, LogFile } from "./ingest/mod.ts";
import { STDIN, typesKept } from "./ingest/mod.ts";
import type { RecordsKept } from "./log_type_name.ts";
import type { ImportedFile } from "./store/session_store.ts";
import { count, plural } from "./wording.ts";

type Ignored = FoundLogs["ignored"];

/** What is to be said of the lines and values of one file. */
export function streamNotes(log: LogFile, report: FileReport): string[] {
  return [...moreSkipped(log, report), ...largeCounts(log, report)];
}

/** By reason, where not every line that was skipped is listed singly. */
function moreSkipped({ path }: LogFile, { streams }: FileReport): string[] {
  return streams.filter(({ skipped, errors }) => skipped > errors.length)
    .map(({ logType, skipped, errors, skippedByReason }) => {
      const reasons = Object.entries(skippedByReason)
        .sort(([, a], [, b]) => b - a)
        .slice(0, MOST_REASONS)
        .map(([reason, n]) => `${reason} (${n})`).join("; ");
      return `${path}: ${count(skipped)} lines of ${logType} were skipped, ` +
        `the first ${errors.length} are listed; by reason: ${reasons}`;
    });
}

/** Those of records kept that no number holds exactly, as they stood there. */
function largeCounts({ path }: LogFile, { streams }: FileReport): string[] {
  return streams.filter(({ large }) => large > 0)
    .map(({ logType, large, largeValues }) => {
      const shown = largeValues.slice(0, MOST_REASONS)
        .map(({ line, field, value }) => `line ${line} ${field} ${value}`);
      if (large > shown.length) shown.push(`and ${large - shown.length} more`);
      const counts = plural(
        large,
        `count of ${logType} is`,
        `counts of ${logType} are`,
      );
      return `${path}: ${counts} 2^53 or more and unset in the record: ` +
        shown.join("; ");
    });
}

/** Reasons that a note names, those of most lines. */
const MOST_REASONS = 10;

/** Which records are not kept and why, and what else files have to say. */
export function leftOut(
  files: readonly ImportedFile[],
  kept: RecordsKept = "known",
): string[] {
  const wanted = typesKept(kept);
  const others = new Map<string, number>(), before = new Map<string, number>();
  for (const { otherRecords } of files) {
    for (const [type, n] of Object.entries(otherRecords)) {
      const to = wanted !== "all" && wanted.has(type) ? before : others;
      to.set(type, (to.get(type) ?? 0) + n);
    }
  }
  const notes = files.flatMap((file) => file.notes);
  if (others.size > 0) notes.push(`${WHY_NOT[kept]}: ${listed(others)}`);
  if (before.size > 0) {
    notes.push(
      `an earlier import did not keep ${listed(before)} beside other records ` +
        "of the same file (--fresh reads all again)",
    );
  }
  return notes;
}

/** Of records that are not kept. */
const WHY_NOT: Readonly<Record<RecordsKept, string>> = {
  none:
    "records that are not kept, for only conn, http, dns and ssl shall be " +
    "(--records none)",
  known: "records that are not kept, for their logs tell nothing of " +
    "connections, files or hosts that is known (--records all keeps them)",
  all: "records that are not kept, for their logs have a name or a number of " +
    "types that none of Zeek has",
};

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts].sort((a, b) => b[1] - a[1])
    .map(([type, n]) => `${type} ${count(n)}`).join(", ");
}

/** Which files were passed over, and why the first. */
export function notOfZeek(ignored: Ignored): string[] {
  if (ignored.length === 0) return [];
  const [first] = ignored;
  return [
    ignored.length === 1
      ? `${first.path} is no Zeek log: ${first.reasons.join("; ")}`
      : `${
        count(ignored.length)
      } files are no Zeek logs, the first ${first.path}: ${
        first.reasons.join("; ")
      }`,
  ];
}

/** That folders lend sensors their names. */
export function folderNotes(
  sensors: readonly (string | undefined)[],
): string[] {
  const names = new Set(sensors.filter((name) => name !== undefined));
  return names.size === 0 ? [] : [
    `sensors are called after the folders ${
      [...names].sort().join(", ")
    } where records name none; --sensor NAME calls all of them so`,
  ];
}

/** A path without a Zeek log, and what was there instead. */
export function nothingFound(path: string, ignored: Ignored): SkerryError {
  const hint =
    "give a folder with Zeek's conn, http, dns or ssl logs (TSV or JSON, .gz or not)";
  const [first] = ignored;
  if (ignored.length === 1 && (first.path === path || path === STDIN)) {
    return new SkerryError(
      `Cannot read ${first.path}: it is no Zeek log: ${
        first.reasons.join("; ")
      }`,
      { hint },
    );
  }
  const shown = ignored.slice(0, 3).map(({ path, reasons }) =>
    `${path} (${reasons.join("; ")})`
  ).join(", ");
  const more = ignored.length > 3 ? `, and ${ignored.length - 3} more` : "";
  return new SkerryError(
    `Cannot read ${path}: none of its files is a Zeek log: ${shown}${more}`,
    { hint },
  );
}
