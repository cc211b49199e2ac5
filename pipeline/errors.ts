/**
 * Something a person can mend: a missing folder, a damaged file, a store that
 * cannot be written. `message` says "Cannot …: why"; `hint` says what to do.
 * Wrong arguments of a function are TypeError or RangeError instead.
 */
export class SkerryError extends Error {
  override readonly name = "SkerryError";
  readonly hint?: string;

  constructor(
    message: string,
    options: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.hint = options.hint;
  }
}

/** The command line was not understood; exit code 2. */
export class UsageError extends SkerryError {}

/** One field of one record that could not be read. */
export interface BadField {
  /** Line in the (decompressed) file, from 1. */
  readonly line: number;
  /** Zeek's field name, or "" where the whole line is bad. */
  readonly field: string;
  /** At most 200 characters of what stood there. */
  readonly value: string;
  readonly reason: string;
}

/** The text of any thrown thing, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Why a file could not be read or written, in words where the system has only
 * a number: "there is no such file", "it is a folder".
 */
export function fileProblem(
  error: unknown,
  missing = "there is no such file",
): string {
  const { NotFound, PermissionDenied, IsADirectory, NotADirectory } =
    Deno.errors;
  if (error instanceof NotFound) return missing;
  if (error instanceof PermissionDenied) return "permission denied";
  if (error instanceof IsADirectory) return "it is a folder";
  if (error instanceof NotADirectory) return "a part of its path is no folder";
  return messageOf(error);
}
