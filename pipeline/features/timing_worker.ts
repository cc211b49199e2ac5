/** Measures rhythms off the main thread (see timing_pool.ts). */
import { measureNext, type TimingPlan } from "./timing_jobs.ts";

const scope = self as unknown as {
  postMessage(message: "done"): void;
  onmessage: (event: MessageEvent<TimingPlan>) => void;
};

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => {
    while (measureNext(data));
    scope.postMessage("done");
  };
}
