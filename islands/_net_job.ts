import { useEffect, useRef, useState } from "preact/hooks";
import { cancelJob, followEvents } from "./_follow_job.ts";
import type { JobView } from "./_job_view.ts";
import type { NetEvent, NetView } from "./_net.ts";
import type { NetState } from "./_net_form.tsx";
import { load, messageOf } from "./_request.ts";

type LiveCurve = Pick<NetEvent, "losses" | "heldOutLosses" | "iterations">;

const NOTHING: LiveCurve = { losses: [], heldOutLosses: [], iterations: 0 };

/**
 * The training or load under way, with its losses as they come. The job is the
 * server's: a page that is opened anew goes on with it.
 *
 * @param onDone gets the net that came of it.
 */
export function useNetJob(
  started: JobView | null,
  dataset: string,
  onDone: (view: NetView) => void,
) {
  const [state, setState] = useState<NetState>(
    started ? { at: "running", job: started } : { at: "idle" },
  );
  const [curve, setCurve] = useState<LiveCurve>(NOTHING);
  const stop = useRef(() => {});
  const fail = (message: string) => setState({ at: "failed", message });

  const hear = ({ job, ...heard }: NetEvent) => {
    setCurve(heard);
    if (job.state === "running") setState({ at: "running", job });
    else if (job.state === "failed") fail(job.outcome ?? "Cannot train");
    else if (job.state === "cancelled") {
      setState({ at: "cancelled", iterations: heard.iterations });
    } else {
      load<NetView>(`/api/net/view?${new URLSearchParams({ dataset })}`).then(
        (view) => {
          onDone(view);
          setState({ at: "idle" });
        },
        (e) => fail(messageOf(e)),
      );
    }
  };
  const follow = (job: JobView) => {
    stop.current();
    setCurve(NOTHING);
    setState({ at: "running", job });
    stop.current = followEvents<NetEvent>(
      `/api/net/events?job=${job.id}`,
      "net",
      (event) => event.job,
      hear,
      () => fail("Cannot follow the training: the server does not answer"),
    );
  };
  const cancel = ({ id }: JobView) => {
    cancelJob(id).catch((e) => fail(messageOf(e)));
  };
  useEffect(() => {
    if (started) follow(started);
    return () => stop.current();
  }, []);
  return { state, curve, follow, cancel, fail };
}
