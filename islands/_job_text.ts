import type { Progress } from "../pipeline/progress.ts";
import { duration, number, time, zoneName } from "./_format.ts";
import type { JobView } from "./_job_view.ts";

/** What a row of the status log says of a job, the same from server and script. */
export interface JobText {
  /** "12:40:03 UTC". */
  readonly at: string;
  readonly title: string;
  /** "reading: 3 of 10 files" while it runs, then what came of it. */
  readonly what: string;
  /** "4.2 s", how long it took; empty while it runs. */
  readonly took: string;
}

export function jobText(job: JobView): JobText {
  const { startedAt, endedAt } = job;
  return {
    at: `${time(startedAt / 1000)} ${zoneName()}`,
    title: job.title,
    what: job.outcome ?? progressText(job.progress),
    took: endedAt === null ? "" : duration((endedAt - startedAt) / 1000),
  };
}

/** "fitting: 3 of 10 starts". */
export function progressText(progress: Progress | null): string {
  if (progress === null) return "Waiting for the first step.";
  const { stage, done, total, unit } = progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  return `${stage}: ${number(done)}${of} ${unit}`;
}

/** The drawer's one line: what runs, else what was last, else that nothing was. */
export function statusLine(jobs: readonly JobView[]): string {
  const running = jobs.filter(({ state }) => state === "running");
  if (running.length > 1) return `${number(running.length)} jobs under way`;
  const [job] = running.length === 1 ? running : jobs;
  if (!job) return "nothing has run since the server started";
  const { title, what } = jobText(job);
  return `${title} – ${what}`;
}
