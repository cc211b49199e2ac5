import { Pacer, type RunOptions } from "../progress.ts";
import { doJob, doNext, type SurrogatePlan } from "./surrogates.ts";

/** Jobs from which on a worker pays: it takes 80 ms to be there, a job 10 ms. */
const WORTH = 40;

/** How many workers pay for so many jobs. */
export function surrogateHelpers(
  jobs: number,
  cores = navigator.hardwareConcurrency,
): number {
  return jobs < WORTH ? 0 : Math.max(0, cores - 1);
}

/**
 * Does all jobs of a plan, on this thread and `helpers` more. Each job has a
 * seed of its own, so that who does it makes no difference; one that a worker
 * does not end is done here.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function doAll(
  plan: SurrogatePlan,
  helpers: number,
  { signal, onProgress }: RunOptions = {},
  newWorker: () => Worker = surrogateWorker,
): Promise<void> {
  const total = plan.done.length, pacer = new Pacer(signal);
  const workers = Array.from({ length: helpers }, newWorker);
  try {
    const ends = workers.map((worker) => endOf(worker, plan, signal));
    while (doNext(plan)) {
      if (!pacer.due) continue;
      const done = Math.min(total, Atomics.load(plan.next, 0));
      onProgress?.({ stage: "comparing", done, total, unit: "pairs" });
      await pacer.rest();
    }
    await Promise.all(ends);
    signal?.throwIfAborted();
    for (let job = 0; job < total; job++) {
      if (Atomics.load(plan.done, job) === 0) doJob(plan, job);
      if (pacer.due) await pacer.rest();
    }
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** When a worker has found no more jobs, has failed, or need not go on. */
function endOf(
  worker: Worker,
  plan: SurrogatePlan,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    worker.onmessage = () => resolve();
    worker.onerror = (event) => {
      event.preventDefault();
      resolve();
    };
    signal?.addEventListener("abort", () => resolve(), { once: true });
    worker.postMessage(plan);
  });
}

function surrogateWorker(): Worker {
  return new Worker(new URL("./surrogate_worker.ts", import.meta.url), {
    type: "module",
  });
}
