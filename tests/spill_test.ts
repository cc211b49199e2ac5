import assert from "node:assert/strict";
import { hunt, importLogs, openStore } from "../pipeline/mod.ts";
import type { HuntOptions, SessionStore } from "../pipeline/mod.ts";
import type { Progress } from "../pipeline/progress.ts";
import { Spill } from "../pipeline/spill.ts";
import { connLog } from "./bench/data.ts";
import { skerry } from "./_skerry.ts";

const demo = new URL("../fixtures/demo/", import.meta.url).pathname;

async function inFolder(work: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const spilled = (folder: string) =>
  [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    name.endsWith(".spill")
  );

/** Everything of a run but when and how fast it was. */
async function found(
  store: SessionStore,
  name: string,
  options: HuntOptions = {},
) {
  const dataset = await store.openDataset(name);
  const { findings, hidden, notLookedAt, hostCount, connectionCount } =
    await hunt(store, dataset, options);
  return JSON.stringify({
    ...{ hidden, notLookedAt, hostCount, connectionCount },
    findings: findings.map((finding) => ({ ...finding, state: undefined })),
  });
}

Deno.test("hunt finds the same to the last bit with all connections on disk", () =>
  inFolder(async (folder) => {
    await using store = await openStore(`${folder}/store.db`);
    await importLogs(store, await store.openDataset("demo"), demo);
    // Several pages a column, so that they come and go.
    await Deno.writeTextFile(`${folder}/conn.log`, connLog(35_000));
    const many = await store.openDataset("many");
    await importLogs(store, many, `${folder}/conn.log`);
    for (
      const [name, memory] of [["demo", 200_000], ["many", 600_000]] as const
    ) {
      for (const score of ["skerry", "rita"] as const) {
        const stages = new Set<string>();
        const whole = await found(store, name, { score });
        const onProgress = ({ stage }: Progress) => void stages.add(stage);
        const options = { score, memory, onProgress };
        assert.equal(await found(store, name, options), whole);
        assert.ok(stages.has("spilling"), `${name}: ${[...stages]}`);
      }
    }
    assert.deepEqual(spilled(folder), []);
  }));

Deno.test("hunt that is stopped leaves nothing on disk", () =>
  inFolder(async (folder) => {
    await using store = await openStore(`${folder}/store.db`);
    const dataset = await store.openDataset("demo");
    await importLogs(store, dataset, demo);
    const stop = new AbortController();
    const stopped = hunt(store, dataset, {
      memory: 0,
      signal: stop.signal,
      onProgress: ({ stage }) => {
        if (stage === "spilling") stop.abort(new Error("enough"));
      },
    });
    await assert.rejects(stopped, /enough/);
    assert.deepEqual(spilled(folder), []);
  }));

Deno.test("Spill takes away what a crashed hunt has left, and has no name itself", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/skerry-old.spill`, "left");
    await Deno.writeTextFile(`${folder}/notes.spill`, "not ours");
    {
      using spill = new Spill(`${folder}/store.db`, { memory: 0 });
      const places = [1, 2, 3].map((n) =>
        spill.write(new Uint8Array(9).fill(n))
      );
      assert.equal(
        spill.write(new Uint8Array(9).fill(7), places[1]),
        places[1],
      );
      const back = places.map((place) => {
        const bytes = new Uint8Array(9);
        spill.read(bytes, place);
        return bytes[8];
      });
      assert.deepEqual(back, [1, 7, 3]);
      if (Deno.build.os !== "windows") {
        assert.deepEqual(spilled(folder), ["notes.spill"]);
      }
    }
    assert.deepEqual(spilled(folder), ["notes.spill"]);
  }));

Deno.test("Spill says where it cannot write, and what helps", () => {
  using spill = new Spill("/nowhere/at/all/store.db", { memory: 0 });
  assert.throws(
    () => spill.write(new Uint8Array(1)),
    /connections on disk in \/nowhere/,
  );
});

Deno.test("skerry run --memory prints what skerry run prints, and wants 16 MB", () =>
  inFolder(async (folder) => {
    const store = ["--store", `${folder}/store.db`];
    const outs = [];
    for (const memory of [[], ["--memory", "16MB"]]) {
      const { code, stdout } = await skerry(
        ...["run", demo, "--fresh", "--csv", "-", ...memory, ...store],
      );
      assert.equal(code, 0);
      outs.push(stdout);
    }
    assert.ok(outs[0].length > 500);
    assert.equal(outs[1], outs[0]);
    const refused = await skerry("run", demo, "--memory", "1MB", ...store);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Cannot hunt in 1MB of memory: it takes 16MB/);
  }));
