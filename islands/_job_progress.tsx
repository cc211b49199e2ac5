import { progressText } from "./_job_text.ts";
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
      <p role="status">{progressText(progress)}</p>
      <progress
        aria-label={title}
        max={progress?.total}
        value={progress?.total === undefined ? undefined : progress.done}
      />
      <button type="button" onClick={onCancel}>Cancel</button>
    </section>
  );
}
