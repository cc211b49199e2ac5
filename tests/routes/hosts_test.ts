import assert from "node:assert/strict";
import { type Asking, withApp } from "./_asked.ts";
import { findings, HOSTILE, seed } from "./seed.ts";

const HOST = findings()[0].src;

function seeded(test: (asking: Asking) => Promise<void>): Promise<void> {
  return withApp({}, async (asking) => {
    await seed(asking.store, "office");
    await test(asking);
  });
}

async function html(asking: Asking, path: string): Promise<string> {
  const response = await asking.get(path);
  assert.equal(response.status, 200, path);
  return await response.text();
}

Deno.test("a note of a host is added, removed and put back by forms alone", () =>
  seeded(async (asking) => {
    const host = { dataset: "office", address: HOST };
    const note = (text: string) =>
      asking.submit("/api/hosts/note", { ...host, text });
    assert.equal((await note(" ")).status, 400);
    assert.equal((await note("x".repeat(4001))).status, 400);
    const added = await note(`ask ann ${HOSTILE}`);
    assert.equal(added.status, 303);
    const path = added.headers.get("location")!;
    const page = await html(asking, path);
    assert.match(page, /ask ann/);
    assert.ok(!page.includes(HOSTILE));
    const [, remove] = /action="(\/api\/hosts\/notes\/\d+)"/.exec(page)!;
    const removed = await asking.submit(remove, { ...host, removed: "true" });
    const told = await html(asking, removed.headers.get("location")!);
    assert.match(told, /The note is removed/);
    assert.doesNotMatch(told, /ask ann/);
    const back = await asking.submit(remove, { ...host, removed: "false" });
    const again = await html(asking, back.headers.get("location")!);
    assert.match(again, /ask ann/);
    assert.doesNotMatch(again, /The note is removed/);
    for (const id of ["999", "1e99", "x"]) {
      const none = await asking.post(`/api/hosts/notes/${id}`, host);
      assert.equal(none.status, 404, id);
    }
    const nobody = { ...host, address: "nobody", text: "x" };
    assert.equal((await asking.post("/api/hosts/note", nobody)).status, 400);
    const nowhere = { ...host, dataset: "nowhere", text: "x" };
    assert.equal((await asking.post("/api/hosts/note", nowhere)).status, 404);
  }));

Deno.test("tags of a host are kept, listed, searched for and taken back", () =>
  seeded(async (asking) => {
    const host = { dataset: "office", address: HOST };
    const tag = (tags: string) =>
      asking.submit("/api/hosts/tags", { ...host, tags });
    const first = await tag("Printer, floor 2");
    const page = await html(asking, first.headers.get("location")!);
    assert.match(
      page,
      /The tags are changed; before: <!-- -->none|before: none/,
    );
    assert.match(await html(asking, "/hosts"), /class="tag">Printer</);
    assert.match(await html(asking, "/hosts?q=printer"), /floor 2/);
    const other = await html(asking, "/hosts?q=scanner");
    assert.match(other, /is tagged/);
    const changed = await tag("scanner");
    const told = await html(asking, changed.headers.get("location")!);
    const [, before] = /name="tags" value="(Printer[^"]*)"/.exec(told)!;
    await tag(before);
    const { tags } = await (await asking.get(
      `/api/hosts?address=${HOST}`,
    )).json();
    assert.deepEqual(tags, ["Printer", "floor 2"]);
    assert.equal((await tag("x".repeat(61))).status, 400);
    assert.equal(
      (await tag(Array(21).fill(0).map((_, i) => i).join())).status,
      400,
    );
    assert.equal((await asking.get("/api/hosts?address=nobody")).status, 400);
  }));

Deno.test("GET /hosts/:address shows when a host was active, hour by hour", () =>
  seeded(async (asking) => {
    const page = await html(asking, `/hosts/${HOST}`);
    assert.match(page, /aria-label="connections by hour over \d+ days?/);
    const reached = findings()[0].dst;
    assert.doesNotMatch(
      await html(asking, `/hosts/${reached}`),
      /connections by hour/,
    );
  }));

Deno.test("hosts count every finding of the last run, also those behind the first 1,000", () =>
  withApp({}, async (asking) => {
    const { dataset } = await seed(asking.store, "office");
    const [one] = findings();
    const many = Array.from({ length: 1100 }, (_, i) => ({
      ...one,
      id: `f${i}`,
      rank: i + 1,
      ...(i < 1050 ? { src: "10.9.9.9" } : {}),
    }));
    const run = (await asking.store.lastRun())!;
    await asking.store.saveRun(dataset, { ...run.report, findings: many });
    const list = await html(asking, `/hosts?dataset=office&q=${HOST}.`);
    assert.match(list, /No source begins/);
    const all = await html(asking, "/hosts?dataset=office");
    const row = all.split("<tr").find((tr) => tr.includes(`>${HOST}<`))!;
    assert.match(row, /data-k="findings">50</);
    assert.match(
      await html(asking, `/hosts/${HOST}?dataset=office`),
      />50.findings</,
    );
  }));
