import { useEffect, useState } from "preact/hooks";
import { type Of, rescore } from "./_finding_calls.ts";
import { cancelJob, followJob } from "./_follow_job.ts";
import { progressText } from "./_job_text.ts";
import type { JobView } from "./_job_view.ts";
import { visible } from "./_visible.ts";

/** Scores the dataset again as a job of the server; a reload finds it again. */
export function Rescore({ of }: { of: Of }) {
  const [job, setJob] = useState<JobView | null>(null);
  const [error, setError] = useState("");
  const title = `scoring ${of.dataset} again`;
  useEffect(() => {
    fetch("/api/jobs").then((r) => r.json()).then((jobs: JobView[]) => {
      const own = jobs.find((j) => j.title === title && j.state === "running");
      if (own) setJob(own);
    }).catch(() => {});
  }, []);
  useEffect(() => {
    if (job?.state !== "running") return;
    return followJob(job.id, (now) => {
      setJob(now);
      if (now.state === "done" && now.href) location.href = now.href;
    }, () => {
      setJob(null);
      setError("Cannot follow the scoring: the server does not answer");
    });
  }, [job?.id]);
  const start = async (event: SubmitEvent) => {
    event.preventDefault();
    setError("");
    const data = new FormData(event.currentTarget as HTMLFormElement);
    try {
      setJob(await rescore(of, String(data.get("internal") ?? "")));
    } catch (e) {
      setError((e as Error).message);
    }
  };
  if (job?.state === "running") return <Running job={job} />;
  return (
    <details class="rescore">
      <summary class="button">Score again</summary>
      <form class="panel" onSubmit={start}>
        <p class="note">From the store: no log is read.</p>
        <label>
          Internal networks{" "}
          <input name="internal" placeholder="found from the traffic" />
        </label>
        <button type="submit" class="primary">Score again</button>
        {error === ""
          ? null
          : <p role="alert" class="what">{visible(error)}</p>}
        {job === null
          ? null
          : <p role="status">{visible(job.outcome ?? "")}</p>}
      </form>
    </details>
  );
}

function Running({ job }: { job: JobView }) {
  return (
    <span role="status" class="running">
      {progressText(job.progress)}
      <button type="button" onClick={() => void cancelJob(job.id)}>
        Cancel
      </button>
    </span>
  );
}
