import type { Compression } from "./decompressor.ts";
import type { LogFormat } from "./file_report.ts";

/** A file that holds a Zeek log, by its first bytes. */
export interface LogFile {
  readonly path: string;
  readonly format: LogFormat;
  readonly compression: Compression;
  /**
   * Zeek's path: "conn", or any other as "weird"; "mixed" where one JSON file
   * holds several, "unknown" where nothing tells.
   */
  readonly logType: string;
  /** Bytes on disk. */
  readonly size: number;
  /** Where its bytes are, where these were unpacked or came as a stream. */
  readonly copy?: Copy;
}

/** A file made of what cannot be read in its place. */
export interface Copy {
  readonly path: string;
  /** What it came from, as given: a tar archive, standard input. */
  readonly from: string;
}

/** The file that holds the bytes of a log. */
export function placeOf({ path, copy }: LogFile): string {
  return copy?.path ?? path;
}

/** What stands for standard input where a path is asked for. */
export const STDIN = "-";
