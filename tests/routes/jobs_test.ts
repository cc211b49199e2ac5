import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/mod.ts";
import { Jobs, type JobSpec } from "../../routes/_jobs.ts";

/** A job that waits until it is told to go on or to stop. */
function waiting(key: string) {
  const go = Promise.withResolvers<number>();
  const spec: JobSpec<number> = {
    kind: "import",
    title: `import ${key}`,
    key,
    run({ signal, onProgress }) {
      onProgress?.({ stage: "reading", done: 1, total: 2, unit: "files" });
      signal?.addEventListener("abort", () => go.reject(signal.reason));
      return go.promise;
    },
    outcome: (n) => ({ text: `${n} records`, href: "/datasets" }),
  };
  return { go, spec };
}

Deno.test("Jobs joins a job of the same key while it runs, and only then", async () => {
  const jobs = new Jobs();
  const { go, spec } = waiting("office");
  const first = jobs.start(spec);
  assert.equal(jobs.start(spec), first);
  assert.notEqual(jobs.start(waiting("lab").spec), first);
  go.resolve(7);
  await first.ended;
  assert.equal(first.result, 7);
  assert.equal(first.view().outcome, "7 records");
  const next = jobs.start(waiting("office").spec);
  assert.notEqual(next, first);
  assert.deepEqual(jobs.list().map((job) => job.id), [3, 2, 1]);
  for (const job of [2, 3]) jobs.get(job)?.cancel();
});

Deno.test("Jobs cancels a job, and all of them with its signal", async () => {
  const stop = new AbortController();
  const jobs = new Jobs(stop.signal);
  const [one, two] = ["a", "b"].map((key) => jobs.start(waiting(key).spec));
  one.cancel();
  await one.ended;
  assert.equal(one.state, "cancelled");
  assert.equal(two.state, "running");
  stop.abort();
  await two.ended;
  assert.equal(two.state, "cancelled");
});

Deno.test("Jobs tells an error written for people and hides any other", async () => {
  const jobs = new Jobs();
  const failing = (error: Error) =>
    jobs.start({
      ...waiting(error.message).spec,
      run: () => Promise.reject(error),
    });
  const meant = failing(new SkerryError("Cannot read x: no such file"));
  const bug = failing(new Error("secret of the inside"));
  await Promise.all([meant.ended, bug.ended]);
  assert.equal(meant.view().outcome, "Cannot read x: no such file");
  assert.doesNotMatch(bug.view().outcome ?? "", /secret/);
});

Deno.test("A job's events end with it; the list's go on", async () => {
  const jobs = new Jobs();
  const { go, spec } = waiting("office");
  const job = jobs.start(spec);
  const events = job.events();
  const first = (await events.next()).value!;
  assert.equal((first.data as { state: string }).state, "running");
  const list = jobs.events();
  await list.next();
  const changed = list.next();
  go.resolve(1);
  await job.ended;
  assert.equal(
    ((await events.next()).value!.data as { state: string }).state,
    "done",
  );
  assert.equal((await events.next()).done, true);
  assert.equal((await changed).value!.event, "jobs");
  await list.return(undefined);
});
