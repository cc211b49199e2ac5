import { number } from "./_format.ts";
import type { JobView } from "./_job_view.ts";

/** How far a job is, with a button that stops it. */
export function JobProgress(
  { title, job, onCancel }: {
    title: string;
    job: JobView | null;
    onCancel: () => void;
  },
) {
  const progress = job?.progress ?? null;
  return (
    <section class="state w9" aria-busy="true">
      <h2>{title}</h2>
      <p role="status">{progressText(job)}</p>
      <progress
        aria-label={title}
        max={progress?.total}
        value={progress?.total === undefined ? undefined : progress.done}
      />
      <button type="button" onClick={onCancel}>Cancel</button>
    </section>
  );
}

/** "fitting: 3 of 10 starts". */
export function progressText(job: JobView | null): string {
  if (!job?.progress) return "Waiting for the first step.";
  const { stage, done, total, unit } = job.progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  return `${stage}: ${number(done)}${of} ${unit}`;
}
