import assert from "node:assert/strict";
import type { JobView } from "../../islands/_job_view.ts";
import type { NetView, Saved } from "../../islands/_net.ts";
import { HOST, withLab } from "./_lab.ts";
import { EACH } from "./seed_net.ts";

Deno.test("a saved net comes back with its figures, and says the same of every session", () =>
  withLab(async (lab) => {
    const view = await lab.train();
    const { saved, free } = await lab.sent<Saved>("/api/net/save", {
      name: "first",
    });
    assert.equal(free, "net-1");
    assert.equal(saved.length, 1);
    assert.equal(saved[0].name, "first");
    assert.equal(saved[0].f1, view.metrics!.scores!.f1);
    assert.deepEqual(saved[0].lossCurve, view.lossCurve);
    assert.equal((await lab.json<NetView>("/api/net/view")).name, "first");
    const job = await lab.sent<JobView>("/api/net/load", { name: "first" });
    await lab.events(job);
    const loaded = await lab.json<NetView>("/api/net/view");
    assert.deepEqual(
      [loaded.origin, loaded.name, loaded.asked],
      ["loaded", "first", 34 * EACH],
    );
    assert.deepEqual(loaded.heldOut, view.heldOut);
    assert.deepEqual(loaded.lossCurve, view.lossCurve);
    const byId = new Map(loaded.pairs.map((pair) => [pair.id, pair]));
    for (const { id, probability } of view.pairs) {
      assert.equal(byId.get(id)!.probability, probability);
    }
    const missing = await lab.post("/api/net/load", { name: "second" });
    assert.equal(missing.status, 404);
    assert.equal((await lab.post("/api/net/save", { name: " " })).status, 400);
  }));

Deno.test("a net is exported and imported; what is no net is refused", () =>
  withLab(async (lab) => {
    await lab.train();
    await lab.sent<Saved>("/api/net/save", { name: "a b" });
    const file = await lab.fetch("/api/net/export?name=a+b");
    assert.match(file.headers.get("content-disposition")!, /"a_b.json"$/);
    const text = await file.text();
    const bring = async (content: string, name: string) => {
      const form = new FormData();
      form.set("file", new File([content], name));
      const request = new Request(`http://${HOST}/api/net/import`, {
        method: "POST",
        body: form,
      });
      const body = await request.arrayBuffer();
      return await lab.fetch("/api/net/import", {
        method: "POST",
        body,
        headers: {
          accept: "application/json",
          origin: `http://${HOST}`,
          "content-type": request.headers.get("content-type")!,
          "content-length": String(body.byteLength),
        },
      });
    };
    const brought = await bring(text, "copy.json");
    const { name, saved }: Saved = await brought.json();
    assert.equal(name, "copy");
    const [copy, original] = saved;
    assert.deepEqual(
      { ...copy, createdAt: 0, name: "", dataset: "" },
      { ...original, createdAt: 0, name: "", dataset: "" },
    );
    for (const wrong of ["{", "{}", '{"format":"skerry-model","kind":"mlp"}']) {
      const refused = await bring(wrong, "x.json");
      assert.equal(refused.status, 400, wrong);
      assert.match((await refused.json()).error, /^Cannot import a net from x/);
    }
    assert.equal((await lab.fetch("/api/net/export?name=x")).status, 404);
    // Metrics that a file brings are numbers, or are not shown.
    const bent = JSON.parse(text);
    bent.metrics = {
      scores: { f1: "<b>" },
      review: { cuts: "x" },
      lossCurve: 3,
    };
    await bring(JSON.stringify(bent), "bent.json");
    const job = await lab.sent<JobView>("/api/net/load", { name: "bent" });
    assert.equal((await lab.events(job)).at(-1)!.job.state, "done");
    const view = await lab.json<NetView>("/api/net/view");
    assert.deepEqual([view.metrics, view.heldOut], [null, null]);
    assert.equal((await lab.fetch("/neural-net")).status, 200);
  }));
