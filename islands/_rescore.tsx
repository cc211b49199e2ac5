import { useEffect, useState } from "preact/hooks";
import { type Of, rescore } from "./_finding_calls.ts";
import { number } from "./_format.ts";
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
    const events = new EventSource(`/api/jobs/${job.id}/events`);
    events.addEventListener("job", (event) => {
      const now: JobView = JSON.parse(event.data);
      setJob(now);
      if (now.state === "running") return;
      events.close();
      if (now.state === "done" && now.href) location.href = now.href;
    });
    return () => events.close();
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
  const p = job.progress;
  return (
    <span role="status" class="running">
      Scoring{p ? `: ${p.stage}, ${number(p.done)} ${p.unit}` : ""}
      <button
        type="button"
        onClick={() => fetch(`/api/jobs/${job.id}/cancel`, { method: "POST" })}
      >
        Cancel
      </button>
    </span>
  );
}
