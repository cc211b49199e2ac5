import { messageOf, SkerryError } from "../../errors.ts";

/**
 * What SQLite, Deno or the system says → why in plain words, and what to do.
 * Whole phrases: some messages end in a path, which may hold any word.
 */
const REASONS: readonly [pattern: RegExp, why: string, hint: string][] = [
  [
    /^Requires \w+ access to/,
    "this program may not use that place",
    "Name a store in a folder of your own; Deno's --allow-read and --allow-write must cover it.",
  ],
  [
    /readonly database|read-only file system|permission denied|not permitted/i,
    "it may only be read",
    "Check the permissions of the file and its folder, or name another store.",
  ],
  [
    /^(not a directory|file exists)/i,
    "a part of its path is a file, not a folder",
    "Name a store in a folder.",
  ],
  [
    /^no such file or directory/i,
    "its folder cannot be made",
    "Name a store in a folder that exists.",
  ],
  [
    /^file ?name (too long|contained)/i,
    "no file can have such a name",
    "Name another store.",
  ],
  [
    /database (table |schema )?is locked/i,
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
    { hint: known?.[2] ?? "Name another store with --store.", cause },
  );
}
