import type { ImportResult } from "../import_logs.ts";
import { bytes, plural } from "../wording.ts";
import { labelled, styled, type Terminal } from "./terminal.ts";
import { visible } from "./visible.ts";

/** What an import did. */
export function importText(
  dataset: string,
  imported: ImportResult,
  terminal: Terminal,
  command: (words: string) => string,
): string {
  const { newFiles, skipped, notes } = imported;
  const line = (label: string, text: string) => labelled(terminal, label, text);
  return [
    "",
    styled(terminal, "bold", "  Imported") + ` into ${visible(dataset)}`,
    line("read", readText(imported)),
    ...(newFiles.size > 0 ? [line("speed", speedOf(imported))] : []),
    ...(skipped > 0
      ? [line(
        "not read",
        `${plural(skipped, "line")}: ${
          command(`datasets show ${visible(dataset)}`)
        } says which and why`,
      )]
      : []),
    ...notes.map((text) => line("left out", visible(text))),
    "",
    `  Next   ${command(`hunt ${visible(dataset)}`)}`,
    "",
  ].join("\n");
}

function readText(
  { filesRead, newFiles, unchanged, records }: ImportResult,
): string {
  if (filesRead === 0) return `nothing new: ${knownFiles(unchanged)}`;
  if (newFiles.size === 0) return "nothing that is kept";
  return `${plural(filesRead, "file")}, ${plural(records, "record")}; ${
    knownFiles(unchanged)
  }`;
}

/** "12 MB in 3.1 s, 3.9 MB/s": of the files as they lie on disk. */
function speedOf({ bytes: size, timings }: ImportResult): string {
  const seconds = Object.values(timings).reduce((sum, s) => sum + s, 0);
  const rate = seconds > 0 ? `, ${bytes(size / seconds)}/s` : "";
  return `${bytes(size)} in ${seconds.toFixed(1)} s${rate}`;
}

/** Content counts once, under whichever name it came. */
export function knownFiles(n: number): string {
  return `${plural(n, "file was", "files were")} read before`;
}
