import { messageOf, SkerryError } from "../errors.ts";

/** What SQLite says → why in plain words, and what to do. */
const REASONS: readonly [pattern: RegExp, why: string, hint: string][] = [
  [
    /readonly|read-only|permission denied|EACCES|EROFS/i,
    "it may only be read",
    "Check the permissions of the file and its folder, or name another store.",
  ],
  [
    /database (table |schema )?is locked|busy/i,
    "another program is using it",
    "Wait until the other run has finished, then try again.",
  ],
  [
    /disk is full/i,
    "the disk is full",
    "Free some space, or name a store on another disk.",
  ],
  [
    /malformed|not a database|disk I\/O error/i,
    "the file is damaged",
    "Restore it from a copy, or name another store and import the logs again.",
  ],
  [
    /unable to open/i,
    "the file cannot be opened",
    "Check that the folder exists and that you may write to it.",
  ],
];

/** "Cannot write the store PATH: why". */
export function refusal(
  action: "open" | "read" | "write",
  location: string,
  cause: unknown,
): SkerryError {
  const message = messageOf(cause);
  const known = REASONS.find(([pattern]) => pattern.test(message));
  return new SkerryError(
    `Cannot ${action} the store ${location}: ${known?.[1] ?? message}`,
    { hint: known?.[2], cause },
  );
}
