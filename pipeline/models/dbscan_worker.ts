/** Goes through blocks of a DBSCAN off the main thread (see dbscan_helper.ts). */
import { attach, type ThreadExports } from "../shared_kernels.ts";
import {
  type FromHelp,
  type HelpJob,
  type HelpPass,
  NEXT,
  OPEN,
  STEP,
} from "./dbscan_passes.ts";

const scope = self as unknown as {
  postMessage(message: FromHelp): void;
  onmessage: (event: MessageEvent<HelpJob | HelpPass>) => void;
};

let run: ThreadExports;
let control: Int32Array;

if (typeof Window === "undefined") {
  scope.onmessage = ({ data }) => {
    if (data.type === "pass") return help(data);
    run = attach(data);
    run.borrowDbscan(...data.scratch);
    control = data.control;
  };
  scope.postMessage({ type: "ready" });
}

function help({ step, open, blocks, forest, labels }: HelpPass): void {
  const before = Atomics.compareExchange(control, OPEN, open, open + 1);
  if (before !== open) return; // the pass has ended
  if (step === "labelBorder") run.useForest(forest);
  let pairs = 0;
  for (;;) {
    const from = Atomics.add(control, NEXT, STEP);
    if (from >= blocks) break;
    const to = Math.min(blocks, from + STEP);
    if (step === "findCore") run.findCore(from, to);
    else if (step === "joinLeaves") pairs = run.joinLeaves(from, to);
    else run.labelBorder(from, to, labels);
  }
  scope.postMessage({ type: "passed", pairs });
}
