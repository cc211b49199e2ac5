import { jobText, statusLine } from "../../islands/_job_text.ts";
import type { JobView } from "../../islands/_job_view.ts";
import { visible } from "../../islands/_visible.ts";

/**
 * The status log: what the server has done, newest first, behind one line at
 * the foot of the page. Complete without a script; `islands/_status.ts` keeps
 * it up to date and fills rows that come later from the template.
 */
export function Status({ jobs }: { jobs: readonly JobView[] }) {
  const busy = jobs.some(({ state }) => state === "running");
  return (
    <details id="status" class={busy ? "status busy" : "status"}>
      <summary>
        <strong>Status</strong> <span>{visible(statusLine(jobs))}</span>
      </summary>
      <p class="none soft" hidden={jobs.length > 0}>
        Imports, hunts and fits that pages start are listed here, with what came
        of them, until the server ends.
      </p>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Status log, newest first"
      >
        <ol>{jobs.map((job) => <Row key={job.id} job={job} />)}</ol>
      </div>
      <template>
        <Row job={null} />
      </template>
    </details>
  );
}

/** One job, or the empty row that a script copies. */
function Row({ job }: { job: JobView | null }) {
  const text = job && jobText(job);
  const running = job?.state === "running";
  const { done, total } = job?.progress ?? {};
  return (
    <li data-id={job?.id} class={job?.state}>
      <span class="soft nowrap" data-slot="at">{text?.at}</span>
      <strong data-slot="title">{visible(text?.title ?? "")}</strong>
      <span data-slot="what">{visible(text?.what ?? "")}</span>
      <progress
        aria-label="Progress"
        hidden={!running}
        max={total}
        value={total === undefined ? undefined : done}
      />
      <span class="soft nowrap" data-slot="took">{text?.took}</span>
      <a href={job?.href ?? "#status"} hidden={!job?.href}>Show</a>
      <form
        method="post"
        action={`/api/jobs/${job?.id ?? 0}/cancel`}
        hidden={!running}
      >
        <button type="submit">
          Cancel <span class="sr">{visible(job?.title ?? "")}</span>
        </button>
      </form>
    </li>
  );
}
