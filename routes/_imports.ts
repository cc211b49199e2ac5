import {
  type ImportRequest,
  type ImportView,
  MOST_FILES,
} from "../islands/_import_view.ts";
import {
  type FileProgress,
  type FoundLogs,
  hunt,
  importLogs,
  logsUnder,
  type RunOptions,
  type RunReport,
  type SessionStore,
  SkerryError,
  wording,
} from "../pipeline/mod.ts";
import type { ServerEvent } from "./_events.ts";
import { type ImportRoots, isWithin } from "./_import_roots.ts";
import type { Job, Jobs } from "./_jobs.ts";
import { toldBefore } from "./_hunt_options.ts";
import { HttpError } from "./_page.ts";
import { Uploads } from "./_uploads.ts";

/** What an import and the run after it came to. */
interface Imported {
  readonly records: number;
  readonly skipped: number;
  readonly unchanged: number;
  readonly report: RunReport;
}

/** Reads logs into the store for the pages: one job each, with its files. */
export class Imports {
  readonly uploads: Uploads;
  readonly #watched = new WeakMap<Job<unknown>, Watched>();

  constructor(
    readonly store: SessionStore,
    readonly jobs: Jobs,
    readonly roots: ImportRoots,
  ) {
    this.uploads = new Uploads(jobs.signal);
  }

  /**
   * Starts an import and, after it, a run.
   *
   * @throws HttpError for a path that may not be read, and 409 while another
   * import into the dataset is under way or where clearing would remove
   * something and nobody said that it is meant.
   */
  async start(request: ImportRequest): Promise<Job<unknown>> {
    const { folder, upload, fresh = false } = request;
    const dropped = upload === undefined ? null : this.uploads.take(upload);
    if (!dropped && !folder?.trim()) {
      throw new HttpError(400, "Cannot import: name a folder, or drop files");
    }
    const path = dropped?.path ?? await this.roots.resolve(folder!.trim());
    const name = request.dataset?.trim() || (dropped ? "dropped files" : path);
    if (fresh && !request.sure) await this.#mayClear(name);
    const watched = new Watched(name, dropped?.about ?? path);
    const job = this.jobs.start<Imported>({
      kind: "import",
      title: `${watched.source} into ${name}`,
      key: `import ${name}`,
      run: async (options) => {
        try {
          await using found = await logsUnder(path, options);
          const logs = await this.#allowed(path, found, request.types);
          return await this.#run(name, logs, fresh, watched, options);
        } finally {
          await dropped?.remove();
        }
      },
      outcome: outcomeOf,
    });
    if (this.#watched.has(job)) {
      await dropped?.remove();
      throw new HttpError(
        409,
        `Cannot import into ${name}: another import into it is under way`,
      );
    }
    this.#watched.set(job, watched);
    return job;
  }

  /** Null where the job is no import. */
  view(job: Job<unknown>): ImportView | null {
    return this.#watched.get(job)?.view(job) ?? null;
  }

  /** "import" with the view, at once and whenever it has changed. */
  async *events(job: Job<unknown>): AsyncGenerator<ServerEvent> {
    for await (const _ of job.events()) {
      yield { event: "import", data: this.view(job) };
    }
  }

  async #mayClear(name: string): Promise<void> {
    const held = (await this.store.datasets()).find((d) => d.name === name);
    if (!held || held.files === 0) return;
    throw new HttpError(
      409,
      `Cannot clear ${name} without being sure: it holds ${
        wording.plural(sum(Object.values(held.records)), "record")
      } and ${wording.plural(held.runs, "run")}`,
      "Tick that they shall be removed, or keep them.",
    );
  }

  /** A link in the folder may lead out of it; what is there is not read. */
  async #allowed(
    path: string,
    found: FoundLogs,
    types: readonly string[] = [],
  ): Promise<FoundLogs> {
    const logs = [], ignored = [...found.ignored];
    const folder = await Deno.realPath(path);
    for (const log of found.logs) {
      const real = await Deno.realPath(log.copy?.from ?? log.path);
      if (!isWithin(real, folder) && !this.roots.holds(real)) {
        const reasons = ["leads out of the folders that may be imported"];
        ignored.push({ path: log.path, reasons });
      } else if (isWanted(log.logType, types)) logs.push(log);
    }
    if (logs.length > 0) return { logs, ignored };
    throw new SkerryError(
      `Cannot import ${path}: it holds no log of the types that were chosen`,
    );
  }

  async #run(
    name: string,
    logs: FoundLogs,
    fresh: boolean,
    watched: Watched,
    options: RunOptions,
  ): Promise<Imported> {
    const { store } = this;
    const dataset = await store.openDataset(name);
    const before = await toldBefore(store, dataset);
    if (fresh) await store.clearDataset(dataset, options);
    const imported = await importLogs(store, dataset, logs, {
      ...options,
      onFile: (file) => watched.files.set(file.path, file),
    });
    watched.stored = true;
    const { newFiles, notes, timings } = imported;
    const report = await hunt(store, dataset, {
      ...before,
      ...options,
      newFiles,
      notes,
      timings,
    });
    return { ...imported, report };
  }
}

/** One file may hold several types, or not tell which. */
function isWanted(logType: string, types: readonly string[]): boolean {
  return types.length === 0 || ["mixed", "unknown"].includes(logType) ||
    types.includes(logType.replace(/^open_/, ""));
}

function outcomeOf({ records, skipped, unchanged, report }: Imported) {
  const parts = [
    `${wording.plural(records, "record")} read`,
    ...(skipped > 0 ? [`${wording.plural(skipped, "line")} skipped`] : []),
    ...(unchanged > 0 ? [`${wording.plural(unchanged, "file")} known`] : []),
    wording.plural(report.findings.length, "finding"),
  ];
  const query = new URLSearchParams({ dataset: report.dataset });
  return { text: parts.join(", "), href: `/?${query}` };
}

/** The files of one import, as they were last told of. */
class Watched {
  readonly files = new Map<string, FileProgress>();
  stored = false;

  constructor(readonly dataset: string, readonly source: string) {}

  view(job: Job<unknown>): ImportView {
    const files = [...this.files.values()];
    const count = (state: FileProgress["state"]) =>
      files.filter((file) => file.state === state).length;
    const unread = files.filter(({ state }) => state !== "unchanged");
    return {
      job: job.view(),
      dataset: this.dataset,
      source: this.source,
      counts: {
        waiting: count("waiting"),
        reading: count("reading"),
        read: count("read"),
        unchanged: count("unchanged"),
      },
      bytes: {
        done: sum(unread.map(({ bytes }) => bytes)),
        total: sum(unread.map(({ size }) => size)),
      },
      records: sum(files.map(({ records }) => records)),
      skipped: sum(files.map(({ skipped }) => skipped)),
      stored: this.stored,
      files: around(files),
    };
  }
}

/** What is read now, a few before it, and what comes next. */
function around(files: readonly FileProgress[]): FileProgress[] {
  const now = files.findIndex(({ state }) => state === "reading");
  const next = files.findIndex(({ state }) => state === "waiting");
  const at = now >= 0 ? now : next >= 0 ? next : files.length;
  const from = Math.min(at - MOST_FILES / 4, files.length - MOST_FILES);
  return files.slice(Math.max(0, from)).slice(0, MOST_FILES);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
