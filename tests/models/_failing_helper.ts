/** A second thread of DBSCAN that takes blocks of its first pass and fails. */
import {
  type HelpJob,
  type HelpPass,
  NEXT,
  OPEN,
  STEP,
} from "../../pipeline/models/dbscan_passes.ts";

let control: Int32Array;

self.onmessage = ({ data }: MessageEvent<HelpJob | HelpPass>) => {
  if (data.type === "begin") control = data.control;
  else {
    Atomics.compareExchange(control, OPEN, data.open, data.open + 1);
    Atomics.add(control, NEXT, 2 * STEP);
    throw new Error("as the test wants");
  }
};

self.postMessage({ type: "ready" });
