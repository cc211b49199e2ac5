import { useEffect, useState } from "preact/hooks";
import { number } from "./_format.ts";
import type { JobView } from "./_job_view.ts";
import { post } from "./_post.ts";
import { cut, visible } from "./_visible.ts";

interface Props {
  readonly job: JobView;
  /** Where to go when it is done; the page stays where it is absent. */
  readonly then?: string;
}

/** A job on one line: how far it is, a way to cancel it, what came of it. */
export default function JobLine({ job, then }: Props) {
  const [now, setNow] = useState(job);
  useEffect(() => {
    if (job.state !== "running") return;
    const events = new EventSource(`/api/jobs/${job.id}/events`);
    events.addEventListener("job", (event) => {
      const view: JobView = JSON.parse(event.data);
      setNow(view);
      if (view.state === "running") return;
      events.close();
      if (then !== undefined && view.state === "done") location.replace(then);
    });
    return () => events.close();
  }, [job.id]);

  const about = `${now.kind} ${cut(visible(now.title), 120)}`;
  if (now.state === "running") {
    return (
      <p class="row" role="status" aria-busy="true" data-state="running">
        <span>{about}</span>
        <span class="soft">{progressOf(now)}</span>
        <button
          type="button"
          onClick={() => post(`/api/jobs/${now.id}/cancel`, {})}
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

function progressOf({ progress }: JobView): string {
  if (progress === null) return "";
  const { stage, done, total, unit } = progress;
  const of = total === undefined ? "" : ` of ${number(total)}`;
  return `${stage}: ${number(done)}${of} ${unit}`;
}
