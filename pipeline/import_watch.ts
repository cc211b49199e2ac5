import type { FileReport, LogFile } from "./ingest/mod.ts";
import type { FreshLog } from "./known_logs.ts";

/** How far one file of an import is. */
export interface FileProgress {
  readonly path: string;
  /** Bytes on disk, and those that are read. */
  readonly size: number;
  readonly bytes: number;
  /** "unchanged" is not read: its content is in the dataset already. */
  readonly state: "waiting" | "reading" | "read" | "unchanged";
  readonly records: number;
  /** Lines; known when the file is read. */
  readonly skipped: number;
  /** Since its first record came, of a file that is being read or was. */
  readonly seconds: number;
}

const UNREAD = {
  bytes: 0,
  state: "waiting",
  records: 0,
  skipped: 0,
  seconds: 0,
} as const;

/** Keeps count of the files for whoever looks on. */
export class ImportWatch {
  readonly #files = new Map<string, FileProgress>();
  readonly #began = new Map<string, number>();

  constructor(
    logs: readonly LogFile[],
    fresh: readonly FreshLog[],
    readonly tell?: (file: FileProgress) => void,
  ) {
    const unread = new Set(
      fresh.filter(({ nothingNew }) => !nothingNew).map(({ log }) => log),
    );
    for (const log of logs) {
      const state = unread.has(log) ? "waiting" : "unchanged";
      this.#set(log, { state });
    }
  }

  read(log: LogFile, bytes: number): void {
    this.#set(log, { state: "reading", bytes });
  }

  add(log: LogFile, records: number): void {
    const before = this.#files.get(log.path)!;
    this.#set(log, { state: "reading", records: before.records + records });
  }

  /** @returns how many seconds it took. */
  end(log: LogFile, { streams }: FileReport): number {
    const sum = (what: "records" | "skipped") =>
      streams.reduce((total, stream) => total + stream[what], 0);
    this.#set(log, {
      state: "read",
      bytes: log.size,
      records: sum("records"),
      skipped: sum("skipped"),
    });
    return this.#files.get(log.path)!.seconds;
  }

  #set({ path, size }: LogFile, changed: Partial<FileProgress>): void {
    const before = this.#files.get(path) ?? { ...UNREAD, path, size };
    // Workers still report bytes of a file whose last record has been taken.
    if (before.state === "read") return;
    const now = performance.now();
    if (changed.state !== "waiting" && !this.#began.has(path)) {
      this.#began.set(path, now);
    }
    const seconds = (now - (this.#began.get(path) ?? now)) / 1000;
    const file = { ...before, ...changed, seconds };
    this.#files.set(path, file);
    this.tell?.(file);
  }
}
