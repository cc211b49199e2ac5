import type { SafelistEntry } from "../store/session_store.ts";
import { time } from "../wording.ts";
import { csv } from "./csv.ts";
import { styled, type Terminal, wrap } from "./terminal.ts";
import { visible } from "./visible.ts";

/** The safelist, oldest first, each entry with who keeps it and why. */
export function safelistText(
  entries: readonly SafelistEntry[],
  terminal: Terminal,
  timeZone: string,
  now: number,
): string {
  if (entries.length === 0) {
    return "\n  The safelist is empty. Add to it with   skerry safelist add KIND VALUE --reason TEXT\n";
  }
  return [
    "",
    ...entries.flatMap((entry) => {
      const head = `${
        String(entry.id).padStart(4)
      }  ${entry.kind} ${entry.value}`;
      const who = entry.author === "" ? "" : ` by ${entry.author}`;
      const about = `${entry.reason}; added ${
        time(entry.createdAt, timeZone)
      }${who}${untilText(entry, timeZone, now)}`;
      return [
        "  " + styled(terminal, "bold", visible(head)),
        ...wrap(visible(about), terminal.width - 8).map((line) =>
          "        " + line
        ),
      ];
    }),
    "",
  ].join("\n");
}

function untilText(
  { expiresAt }: SafelistEntry,
  timeZone: string,
  now: number,
): string {
  if (expiresAt === null) return "";
  const when = time(expiresAt, timeZone);
  return expiresAt <= now ? `, expired ${when}` : `, until ${when}`;
}

export function safelistCsv(entries: readonly SafelistEntry[]): string {
  const columns = [
    "id",
    "kind",
    "value",
    "reason",
    "author",
    "createdAt",
    "expiresAt",
  ] as const;
  return csv(
    columns,
    entries.map((entry) => columns.map((column) => entry[column])),
  );
}
