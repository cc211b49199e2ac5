import { useEffect, useState } from "preact/hooks";
import { cancelJob, followJob } from "./_follow_job.ts";
import { progressText } from "./_job_text.ts";
import type { JobView } from "./_job_view.ts";
import { cut, visible } from "./_visible.ts";

interface Props {
  readonly job: JobView;
  /** Where to go when it is done; the page stays where it is absent. */
  readonly then?: string;
}

/** A job on one line: how far it is, a way to cancel it, what came of it. */
export default function JobLine({ job, then }: Props) {
  const [now, setNow] = useState(job);
  const [lost, setLost] = useState(false);
  useEffect(() => {
    if (job.state !== "running") return;
    return followJob(job.id, (view) => {
      setNow(view);
      if (then !== undefined && view.state === "done") location.replace(then);
    }, () => setLost(true));
  }, [job.id]);

  const about = `${now.kind} ${cut(visible(now.title), 120)}`;
  if (now.state === "running") {
    return (
      <p class="row" role="status" aria-busy="true" data-state="running">
        <span>{about}</span>
        <span class="soft">
          {lost ? "Skerry does not answer" : progressText(now.progress)}
        </span>
        <button
          type="button"
          onClick={() => cancelJob(now.id).catch(() => setLost(true))}
        >
          Cancel
        </button>
      </p>
    );
  }
  return (
    <p
      class={now.state === "failed" ? "wrong" : "good"}
      role="status"
      data-state={now.state}
    >
      {about}: {visible(now.outcome ?? "")}
      {now.href
        ? (
          <>
            {" "}
            <a href={now.href}>Show</a>
          </>
        )
        : null}
    </p>
  );
}
