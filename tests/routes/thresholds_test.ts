import assert from "node:assert/strict";
import type { JobView } from "../../islands/_job_view.ts";
import { importLogs, SHIPPED } from "../../pipeline/mod.ts";
import { hunt } from "../../pipeline/hunt.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000", BASE = `http://${HOST}`;
const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;

interface Asking {
  readonly store: SessionStore;
  get(path: string): Promise<Response>;
  /** A form; its answer as a script gets it, or as a page does. */
  form(
    path: string,
    body: FormData | URLSearchParams,
    as?: "html",
  ): Promise<Response>;
  /** The job of an answer, when it has ended. */
  ended(answer: Response): Promise<JobView>;
}

async function withDemo(test: (asking: Asking) => Promise<void>) {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  await hunt(store, dataset);
  const app = await createApp(ROOT, { store, hosts: [HOST] });
  const get = async (path: string) => await app.request(BASE + path);
  await test({
    store,
    get,
    async form(path, body, as) {
      const asked = new Request(BASE + path, { method: "POST", body });
      const bytes = await asked.clone().arrayBuffer();
      return await app.request(BASE + path, {
        method: "POST",
        body: bytes,
        headers: {
          "content-type": asked.headers.get("content-type")!,
          "content-length": String(bytes.byteLength),
          origin: BASE,
          ...(as === "html" ? { accept: "text/html" } : {}),
        },
      });
    },
    async ended(answer) {
      assert.equal(answer.status, 202);
      const { id }: JobView = await answer.json();
      for (;;) {
        const jobs: JobView[] = await (await get("/api/jobs")).json();
        const job = jobs.find((one) => one.id === id)!;
        if (job.state !== "running") return job;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
  });
}

const fields = (given: Record<string, string>) =>
  new URLSearchParams({ dataset: "demo", ...given });

Deno.test("thresholds and bands are previewed without a run, hunted with, and kept by the next hunt", () =>
  withDemo(async ({ store, get, form, ended }) => {
    const given = fields({
      "beacon.minScore": "0.2",
      "bands.critical": "0.9",
      "bands.high": "0.6",
    });
    const change = await ended(await form("/api/hunts/preview", given));
    assert.equal(
      change.outcome,
      "3 findings instead of 18: 0 more, 15 fewer, 1 of another severity; critical 2 → 1, high 1 → 2, none 15 → 0",
    );
    assert.equal((await store.runs()).length, 1);
    const page = await form("/api/hunts/preview", given, "html");
    assert.equal(page.status, 303);
    const to = page.headers.get("location")!;
    assert.match(to, /^\/settings\?preview=\d+&dataset=demo&.*#thresholds$/);
    const html = await (await get(to.split("#")[0])).text();
    assert.match(html, /name="bands.critical"[^>]*value="0.9"/);
    assert.match(html, /name="beacon.minScore"[^>]*value="0.2"/);

    await ended(await form("/api/hunts", given));
    const [run] = await store.runs();
    assert.deepEqual(run.report.values, { beacon: { minScore: 0.2 } });
    assert.equal(run.report.bands?.critical, 0.9);
    await ended(await form("/api/hunts", fields({ last: "24h" })));
    const [next] = await store.runs();
    assert.deepEqual(next.report.values, run.report.values);
    assert.deepEqual(next.report.bands, run.report.bands);
    const usual = fields({
      "beacon.minScore": "0.05",
      "bands.critical": "0.8",
    });
    await ended(await form("/api/hunts", usual));
    const [last] = await store.runs();
    assert.deepEqual([last.report.values, last.report.bands], [
      undefined,
      undefined,
    ]);
    for (
      const [name, value, why] of [
        ["bands.high", "0.9", /each must begin/],
        ["beacon.minCheckIns", "1", /an integer in \[5, 1000\], got 1/],
      ] as const
    ) {
      const refused = await form("/api/hunts", fields({ [name]: value }));
      assert.equal(refused.status, 400);
      assert.match((await refused.json()).error, why);
    }
  }));

Deno.test("two benign lists of one name and size are two jobs, one list twice is one", () =>
  withDemo(async ({ get, form, ended }) => {
    const list = await (await get("/api/benign")).json();
    const send = (name: string) => {
      const body = new FormData();
      const pairs = [...list.pairs, { ...list.pairs[0], name }];
      const content = JSON.stringify({ ...list, pairs });
      body.set("file", new File([content], "ours.json"));
      body.set("dataset", "demo");
      return form("/api/benign/import", body);
    };
    const answers = await Promise.all([send("ours a"), send("ours b")]);
    const again = await send("ours a");
    const [a, b, c] = await Promise.all(
      [...answers, again].map(async (one) => (await one.clone().json()).id),
    );
    assert.notEqual(a, b);
    assert.equal(c, a);
    for (const answer of answers) await ended(answer);
  }));

Deno.test("the benign list is shown, exported, replaced by one's own and taken back", () =>
  withDemo(async ({ store, get, form, ended }) => {
    const before = await (await get("/settings")).text();
    for (const { name } of [...SHIPPED.pairs, ...SHIPPED.lookups]) {
      assert.ok(before.includes(name), name);
    }
    const list = await (await get("/api/benign")).json();
    assert.equal(list.pairs.length, SHIPPED.pairs.length);
    const own = {
      ...list.pairs.find(({ name }: { name: string }) => name === "OS update"),
      name: "basalt updates",
      doc: "our <b>own</b> updates",
      names: ["updates.basalt.example"],
      must: ["name"],
      effect: -0.3,
      cap: "none",
    };
    const file = (content: unknown) => {
      const body = new FormData();
      body.set("file", new File([JSON.stringify(content)], "ours.json"));
      body.set("dataset", "demo");
      return body;
    };
    const bad = await form(
      "/api/benign/import",
      file({ pairs: [{ ...own, needs: 1 }] }),
    );
    assert.equal(bad.status, 400);
    assert.match((await bad.json()).error, /ours.json: pairs\[0\] .* needs: 1/);
    const pairs = [...list.pairs, own].filter(({ name }) =>
      name !== "analytics"
    );
    pairs.push({ name: "analytics", remove: true });
    await ended(await form("/api/benign/import", file({ ...list, pairs })));
    const [run] = await store.runs();
    const edits = JSON.parse(run.report.benignFile!.edits!);
    assert.deepEqual(
      edits.pairs.map(({ name }: { name: string }) => name),
      ["basalt updates", "analytics"],
      "what is as shipped is not kept again",
    );
    await ended(await form("/api/hunts", fields({ last: "24h" })));
    const settings = await (await get("/settings")).text();
    assert.match(settings, /with those of ours.json/);
    assert.match(settings, /Taken away: analytics/);
    assert.match(settings, /our &lt;b>own&lt;\/b> updates/);
    const [{ id: again }] = await store.runs();
    const found = await store.findings(again);
    const capped = found.find(({ reasons }) =>
      reasons.some(({ value }) => value === "basalt updates")
    )!;
    const listed = await (await get(
      `/api/findings?q=${encodeURIComponent('class:"basalt updates"')}`,
    )).json();
    assert.ok(listed.findings > 0);
    const page = await (await get(`/findings/${capped.id}`)).text();
    assert.match(page, /Why capped<\/h2>/);
    assert.match(page, /Without that its score would be 0\.\d\d, \w+\./);
    assert.match(page, /at most none, −0.3 in log-odds/);
    const exported = await (await get("/api/benign?dataset=demo")).json();
    assert.ok(
      exported.pairs.some(({ name }: { name: string }) => name === own.name),
    );
    await ended(await form("/api/hunts", fields({ benign: "shipped" })));
    assert.equal((await store.runs())[0].report.benignFile, undefined);
  }));
