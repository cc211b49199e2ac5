import type { JobView } from "../islands/_job_view.ts";
import type { DatasetSummary, RunOptions } from "../pipeline/mod.ts";
import { recordsIn } from "./_datasets.ts";
import type { Job, Jobs } from "./_jobs.ts";
import type { RouteContext } from "./_page.ts";

/** An answer, or the job that works on it. */
export type Soon<T> =
  | { readonly value: T; readonly job?: undefined }
  | { readonly value?: undefined; readonly job: JobView };

export interface Question<T> {
  /** Tells questions of a dataset apart. */
  readonly key: string;
  /** For people, after "look up": "10.0.0.1". */
  readonly title: string;
  ask(options: RunOptions): Promise<T>;
}

/** Records above which a page is sent before the database has answered. */
const LARGE = 300_000;

/** Milliseconds that a browser has to ask for what the page needs. */
const HEAD_START = 150;

/** Answers kept. */
const KEPT = 32;

const answered = new WeakMap<Jobs, Map<string, Job<unknown>>>();

/**
 * The answer at once where the dataset is small or it is known; else a job that
 * the page can follow: a first paint does not wait for a look through millions
 * of rows. An import makes every question a new one.
 */
export async function soon<T>(
  { jobs, signal }: Pick<RouteContext, "jobs" | "signal">,
  dataset: DatasetSummary,
  question: Question<T>,
): Promise<Soon<T>> {
  const { key, title, ask } = question;
  const about = [
    dataset.id,
    dataset.files,
    recordsIn(dataset),
    dataset.firstTs,
    key,
  ].join(" ");
  const known = answered.get(jobs) ?? new Map<string, Job<unknown>>();
  answered.set(jobs, known);
  const before = known.get(about) as Job<T> | undefined;
  if (before?.state === "done") return { value: before.result as T };
  if (before?.state === "running") return { job: before.view() };
  if (recordsIn(dataset) < LARGE) return { value: await ask({ signal }) };
  const job = jobs.start<T>({
    kind: "look up",
    title,
    key: about,
    async run(options) {
      // The page and its styles go out first: the database holds them all up.
      await new Promise((resolve) => setTimeout(resolve, HEAD_START));
      options.signal?.throwIfAborted();
      return await ask(options);
    },
    outcome: () => ({ text: "found" }),
  });
  known.set(about, job as Job<unknown>);
  for (const old of known.keys()) if (known.size > KEPT) known.delete(old);
  return { job: job.view() };
}
