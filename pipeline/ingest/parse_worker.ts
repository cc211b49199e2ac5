/** Reads parts of logs off the main thread: one at a time, as it is told. */
import type { Progress } from "../progress.ts";
import type { BatchParts, Field, RecordBatch } from "../record_batch.ts";
import type { LogFile } from "./log_file.ts";
import { SharedRooms } from "./shared_rooms.ts";
import { type Part, type PartReport, readPart } from "./read_part.ts";

/** What the pool tells a worker. */
export type ToWorker =
  | {
    readonly type: "read";
    readonly log: LogFile;
    readonly part: Part;
    readonly isAwaited: boolean;
    readonly extraFields?: readonly Field[];
    readonly fields?: ReadonlySet<string>;
    readonly logTypes?: ReadonlySet<string> | "all";
    readonly onlyFields?: readonly string[];
    readonly storable?: boolean;
  }
  /** A batch was taken: its room is free, and one more may be sent. */
  | { readonly type: "credit"; readonly room: number };

/** What a worker tells the pool. */
export type FromWorker =
  | { readonly type: "begin"; readonly header: readonly string[] }
  | {
    readonly type: "batch";
    readonly parts: BatchParts;
    readonly room: number;
  }
  | { readonly type: "progress"; readonly bytes: number }
  | { readonly type: "report"; readonly report: PartReport }
  | {
    readonly type: "error";
    readonly name: string;
    readonly message: string;
    readonly hint?: string;
  };

/**
 * Least time between two messages of progress, ms: each wakes the main thread,
 * and one for every 256 KiB read took half of what that thread had to do.
 */
const PROGRESS_MS = 50;

/**
 * Batches that a worker may have sent and nobody taken yet. For a part that
 * others wait for it may send as many again: those it sent before may be of
 * parts that come later, and are taken only after this one.
 */
export const CREDITS = 2;

const scope = self as unknown as {
  postMessage(message: FromWorker): void;
  onmessage: (event: MessageEvent<ToWorker>) => void;
};

const rooms = new SharedRooms();
let credits = CREDITS;
let onCredit = () => {};

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => {
    if (data.type === "read") void read(data);
    else {
      rooms.free(data.room);
      credits++;
      onCredit();
    }
  };
}

async function read(
  { log, part, isAwaited, ...keep }: Extract<ToWorker, { type: "read" }>,
): Promise<void> {
  try {
    const onProgress = progressTeller();
    const onBegin = (header: readonly string[]) =>
      scope.postMessage({ type: "begin", header });
    const batches = readPart(log, part, { ...keep, onProgress }, {
      onBegin,
      memory: (bytes) => rooms.take(bytes),
    });
    for (;;) {
      const { value, done } = await batches.next();
      if (done) return scope.postMessage({ type: "report", report: value });
      await send(value, isAwaited ? -CREDITS : 0);
    }
  } catch (error) {
    const { name, message, hint } = error as Error & { hint?: string };
    scope.postMessage({ type: "error", name, message, hint });
  }
}

/** Posts progress now and then: a part's end is told by its report. */
function progressTeller(): (progress: Progress) => void {
  let last = performance.now();
  return ({ done }) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS) return;
    last = now;
    scope.postMessage({ type: "progress", bytes: done });
  };
}

/** @param least credits that are left where no more may be sent. */
async function send(batch: RecordBatch, least: number): Promise<void> {
  while (credits <= least) {
    await new Promise<void>((resolve) => onCredit = resolve);
  }
  credits--;
  const parts = batch.toParts();
  scope.postMessage({
    type: "batch",
    parts,
    room: rooms.numberOf(batch.memory),
  });
}
