import assert from "node:assert/strict";
import type {
  FindingDetail,
  FindingPage,
  MarkAnswer,
  PreviewAnswer,
} from "../../islands/_finding_api.ts";
import type { JobView } from "../../islands/_job_view.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";
import { finding, findings, HOSTILE, report, seed } from "./seed.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

interface Asking {
  get(path: string): Promise<Response>;
  post(path: string, body: unknown, cookie?: string): Promise<Response>;
  /** As a form with one file. */
  upload(path: string, text: string): Promise<Response>;
  readonly store: SessionStore;
}

async function withApp(test: (asking: Asking) => Promise<void>): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST] });
  await seed(store);
  await test({
    store,
    upload: async (path, text) => {
      const body = new FormData();
      body.set("file", new File([text], "list.csv"));
      const url = `http://${HOST}${path}`;
      const bytes = await new Request(url, { method: "POST", body }).clone()
        .arrayBuffer();
      return await app.request(url, {
        method: "POST",
        body,
        headers: {
          "content-length": String(bytes.byteLength),
          origin: `http://${HOST}`,
        },
      });
    },
    get: async (path) => await app.request(`http://${HOST}${path}`),
    post: async (path, body, cookie = "") => {
      const text = JSON.stringify(body);
      return await app.request(`http://${HOST}${path}`, {
        method: "POST",
        body: text,
        headers: {
          "content-type": "application/json",
          "content-length": String(new TextEncoder().encode(text).length),
          origin: `http://${HOST}`,
          cookie,
        },
      });
    },
  });
}

Deno.test("GET /api/findings answers a query, page by page, with counts and errors", () =>
  withApp(async ({ get }) => {
    const all: FindingPage = await (await get("/api/findings")).json();
    assert.equal(all.findings, 6);
    assert.equal(all.undecided, 6);
    assert.equal(all.page[0].best.id, findings()[0].id);
    assert.equal(all.page[0].spark.length, 48);
    assert.ok(all.page[0].spark.reduce((a, b) => a + b) > 100);
    const part: FindingPage =
      await (await get("/api/findings?offset=2&limit=2")).json();
    assert.deepEqual(
      part.page.map(({ best }) => best.rank),
      all.page.slice(2, 4).map(({ best }) => best.rank),
    );
    const some: FindingPage =
      await (await get("/api/findings?q=severity%3Acritical+nope%3A1")).json();
    assert.ok(some.page.every(({ best }) => best.score > 0.8));
    assert.deepEqual(some.errors.map(({ from, to }) => [from, to]), [[18, 24]]);
    for (const bad of ["limit=501", "offset=x", "group=colour"]) {
      assert.equal((await get(`/api/findings?${bad}`)).status, 400, bad);
    }
  }));

Deno.test("GET /api/findings/:id tells the strongest reasons each way and the check-ins", () =>
  withApp(async ({ get }) => {
    const [first] = findings();
    const detail: FindingDetail = await (await get(`/api/findings/${first.id}`))
      .json();
    assert.equal(detail.for.length, 3);
    assert.equal(detail.against.length, 1);
    assert.match(detail.timeline, /^M\d+ 0v22M/);
    assert.equal((await get(`/api/findings/${"0".repeat(16)}`)).status, 404);
  }));

Deno.test("POST /api/findings/marks marks many, and its answer takes it back", () =>
  withApp(async ({ post, get, store }) => {
    const ids = findings().slice(0, 2).map(({ id }) => id);
    await store.setVerdict(ids[1], "malicious");
    const set = { verdict: "benign", regular: true, tags: ["a"], owner: "ann" };
    const done: MarkAnswer =
      await (await post("/api/findings/marks", { ids, set })).json();
    assert.deepEqual(done.before.map(({ mark }) => mark.verdict), [
      null,
      "malicious",
    ]);
    assert.deepEqual(done.after.map(({ mark }) => mark.verdict), [
      "benign",
      "benign",
    ]);
    const page: FindingPage =
      await (await get("/api/findings?q=is%3Adecided+owner%3Aann")).json();
    assert.equal(page.findings, 2);
    await post("/api/findings/marks", { restore: done.before });
    const opinion = await store.opinion(ids[1]);
    assert.deepEqual(
      [opinion.verdict, opinion.regular, opinion.tags, opinion.owner],
      ["malicious", null, [], null],
    );
    assert.equal((await store.opinion(ids[0])).verdict, null);
    const bad: unknown[] = [
      { ids: [], set },
      { ids: ["x"], set },
      { ids, set: { verdict: "bad" } },
      { ids, set: { regular: "yes" } },
      { ids, set: { tags: "a" } },
      { ids },
    ];
    for (const body of bad) {
      const answer = await post("/api/findings/marks", body);
      assert.equal(answer.status, 400, JSON.stringify(body));
      assert.match((await answer.json()).error, /^Cannot mark: /);
    }
  }));

Deno.test("GET / shows the first rows of a long list at once, hidden ones left out, and the API all of it", () =>
  withApp(async ({ get, post, store }) => {
    const count = 2500, ts = Float64Array.of(1, 2);
    const many = Array.from({ length: count }, (_, i) =>
      finding({
        score: 0.9 - 0.6 * i / count,
        summary: `row ${i}.`,
        ts,
        src: `10.0.${i >> 8}.${i & 255}`,
      }, i + 1));
    const [dataset] = await store.datasets();
    await store.saveRun(dataset, report(dataset.name, { findings: many }));
    await post("/api/safelist/add", {
      kind: "address",
      value: "10.0.0.0",
      reason: "x",
    });
    const first = await (await get("/")).text();
    assert.match(first, /The first 24\u00a0rows; reading all 2\u202f500/);
    assert.match(first, /row 1\./);
    assert.doesNotMatch(first.replace(/ props="[^"]*"/g, ""), /row 0\./);
    const all: FindingPage = await (await get("/api/findings")).json();
    assert.equal(all.partial, false);
    assert.equal(all.findings, count - 1);
    const second = await (await get("/")).text();
    assert.match(second, /2\u202f499\u00a0findings, 2499 undecided/);
    const filtered = await (await get("/?q=row")).text();
    assert.doesNotMatch(filtered, /reading all/);
  }));

Deno.test("an answer from a page carries its author, and a beacon labels its connections until it is undone", () =>
  withApp(async ({ post, get, store }) => {
    const [first] = findings(), dataset = (await store.datasets())[0];
    const path = `/api/findings/marks?dataset=${dataset.name}&run=1`;
    const cookie = "skerry-author=Zo%C3%AB%20%3Cb%3E";
    const values = async () =>
      new Set(
        (await store.labels(dataset))
          .filter(({ source }) => source === "analyst")
          .map(({ value }) => value),
      );
    const ids = [first.id];
    const done: MarkAnswer =
      await (await post(path, { ids, set: { regular: true } }, cookie)).json();
    const labelled = await store.labels(dataset);
    assert.deepEqual(
      labelled.map(({ uid }) => uid).sort(),
      [...first.uids].sort(),
    );
    assert.deepEqual(await values(), new Set([1]));
    await post(path, { restore: done.before }, cookie);
    assert.deepEqual(await values(), new Set([-1]));
    await post("/api/safelist/add", {
      kind: "port",
      value: "1",
      reason: "x",
    }, cookie);
    assert.equal((await store.safelist())[0].author, "Zoë <b>");
    const { history } = await store.opinion(first.id);
    assert.deepEqual(
      history.map(({ who, about, value }) => [who, about, value]),
      [
        ["Zoë <b>", "regular", "yes"],
        ["Zoë <b>", "regular", null],
      ],
    );
    const html = await (await get(`/findings/${first.id}`)).text();
    assert.match(html, /regular: <b>yes<\/b> by Zoë &lt;b>/);
    assert.equal((await post(path + "9", { ids, set: {} })).status, 404);
  }));

Deno.test("the safelist previews, hides, counts and comes off again", () =>
  withApp(async ({ get, post }) => {
    const [first] = findings();
    const asked = new URLSearchParams({ kind: "name", value: first.name! });
    const preview: PreviewAnswer =
      await (await get(`/api/safelist/preview?${asked}`)).json();
    assert.match(
      preview.text,
      /^Hides 1 of the 6 findings of run 1, 1 of them high/,
    );
    const wide: PreviewAnswer = await (await get(
      "/api/safelist/preview?kind=name&value=*.cloudfront.net",
    )).json();
    assert.match(wide.warning!, /under cloudfront\.net/);
    const half: PreviewAnswer =
      await (await get("/api/safelist/preview?kind=address&value=10.")).json();
    assert.match(half.error!, /it is no address/);

    const entry = {
      kind: "name",
      value: first.name,
      reason: "ours",
      expires: "30d",
    };
    const refused = await post("/api/safelist/add", { ...entry, reason: " " });
    assert.equal(refused.status, 400);
    const { id } = await (await post("/api/safelist/add", entry)).json();
    const page: FindingPage = await (await get("/api/findings")).json();
    assert.equal(page.findings, 5);
    assert.deepEqual(page.hidden.map((h) => [h.id, h.findings, h.severe]), [
      [id, 1, 1],
    ]);
    assert.equal((await (await get("/api/safelist")).json()).length, 1);
    await post(`/api/safelist/${id}/remove`, {});
    const again: FindingPage = await (await get("/api/findings")).json();
    assert.equal(again.findings, 6);
    assert.equal((await post(`/api/safelist/${id}/remove`, {})).status, 404);
  }));

Deno.test("POST /api/safelist/import adds a file's entries, and tells the status log what it skipped", () =>
  withApp(async ({ upload, get, store }) => {
    const csv = "kind,value,reason\nport,80,web\nperson,<b>,x\n";
    const done = await upload("/api/safelist/import", csv);
    assert.equal(done.status, 200);
    const { added, skipped } = await done.json();
    assert.deepEqual([added, skipped[0].line, skipped[0].value], [
      1,
      3,
      "person",
    ]);
    assert.equal((await store.safelist())[0].value, "80");
    const [job]: JobView[] = await (await get("/api/jobs")).json();
    assert.match(
      job.outcome!,
      /^1 added, 0 known, 1 skipped: line 3, kind "person": is none of/,
    );
    const bad = await upload("/api/safelist/import", "x");
    assert.equal(bad.status, 400);
    assert.match((await bad.json()).error, /names no column kind/);
  }));

Deno.test("a hidden finding whose score has risen since comes back in the next run", () =>
  withApp(async ({ get, post, store }) => {
    const all = findings(), last = all[all.length - 1];
    const entry = { kind: "address", value: last.src, reason: "ours" };
    await post("/api/safelist/add", entry);
    const dataset = (await store.datasets())[0];
    const risen = all.map((f) =>
      f.id === last.id ? { ...f, score: f.score + 0.3 } : f
    );
    const later = report(dataset.name, { findings: risen });
    await store.saveRun(dataset, {
      ...later,
      startedAt: Date.now() / 1000 + 60,
    });
    const page: FindingPage = await (await get("/api/findings")).json();
    const row = page.page.find(({ best }) => best.id === last.id);
    assert.equal(row?.best.returned, true);
  }));

Deno.test("GET /api/findings/download writes what is asked, formulas made harmless", () =>
  withApp(async ({ get }) => {
    const csv = await get(
      "/api/findings/download?format=csv&q=sort%3Ascore-asc",
    );
    assert.match(csv.headers.get("content-disposition")!, /skerry-run-1\.csv/);
    const lines = (await csv.text()).split("\r\n");
    assert.match(lines[0], /^rank,id,detector/);
    assert.match(lines[1], /^6,/);
    const json = await get(
      "/api/findings/download?format=json&q=severity%3Acritical",
    );
    assert.ok(
      (await json.json()).every((f: { score: number }) => f.score > 0.8),
    );
    assert.equal((await get("/api/findings/download?format=xml")).status, 400);
  }));

Deno.test("POST /api/rescore scores the stored records again as one job", () =>
  withApp(async ({ get, post, store }) => {
    const job: JobView = await (await post("/api/rescore", {})).json();
    assert.equal(job.state, "running");
    const joined: JobView = await (await post("/api/rescore", {})).json();
    assert.equal(joined.id, job.id);
    await (await get(`/api/jobs/${job.id}/events`)).text();
    const [ended]: JobView[] = await (await get("/api/jobs")).json();
    assert.equal(ended.state, "done", ended.outcome ?? "");
    assert.equal((await store.runs()).length, 2);
    const bad = await post("/api/rescore", { internal: "10.0.0.0/99" });
    assert.equal(bad.status, 400);
  }));

Deno.test("GET / shows a wrong term underlined, and hostile text harmlessly", () =>
  withApp(async ({ get }) => {
    const q = encodeURIComponent(`src:nobody ${HOSTILE}`);
    const html = await (await get(`/?q=${q}`)).text();
    assert.match(html, /<u>src:nobody<\/u>/);
    assert.match(html, /nobody is no address/);
    assert.doesNotMatch(html, /<script>alert/);
    const whole = await (await get("/")).text();
    assert.doesNotMatch(
      whole.replace(/ props="[^"]*"/g, ""),
      /\u202e|\u200b|<script>alert/,
    );
  }));

Deno.test("GET /findings/:id draws hours, phase, chance and the records' download", () =>
  withApp(async ({ get }) => {
    const [first] = findings();
    const html = await (await get(`/findings/${first.id}`)).text();
    for (
      const text of [
        "By hour",
        "Could it be chance?",
        "999\u00a0trials",
        "None of 999 is as regular",
        "The line is what the law expects; fitted: ",
        "how little the waits scatter around the period",
      ]
    ) assert.ok(html.includes(text), text);
    const csv = await get(`/api/findings/${first.id}/records`);
    assert.equal(csv.status, 200);
    const [head, ...rows] = (await csv.text()).split("\r\n");
    assert.match(head, /uid/);
    assert.ok(rows.length > 20);
  }));

Deno.test("lane: asks for one lane, and each is counted as the rest of the query has it", () =>
  withApp(async ({ get }) => {
    const ask = async (query: string): Promise<FindingPage> =>
      await (await get(`/api/findings?q=${encodeURIComponent(query)}`)).json();
    const lanes = { egress: 5, internal: 1 };
    const all = await ask("");
    assert.deepEqual(all.byLane, lanes);
    const inside = await ask("lane:internal");
    assert.deepEqual(inside.page.map(({ best }) => best.src), [
      "192.168.68.62",
    ]);
    assert.deepEqual(inside.byLane, lanes);
    const severe = await ask("lane:egress severity:>=high");
    assert.deepEqual(severe.page.map(({ best }) => best.laneRank), [1, 2, 3]);
    assert.deepEqual(severe.byLane, { egress: 3, internal: 1 });
    assert.deepEqual((await ask("lane:egress,internal")).findings, 6);
    assert.match((await ask("lane:up")).errors[0].reason, /egress, internal/);
    const page = await (await get("/?q=lane:internal")).text();
    assert.match(
      page,
      /<a href="[^"]*" title="[^"]*" aria-current="true">internal/,
    );
  }));

Deno.test("what a finding was also seen as stands in its row, on its page and in downloads, harmless", () =>
  withApp(async ({ get }) => {
    const { id } = findings()[1];
    const row: FindingPage = await (await get("/api/findings?q=72a589da"))
      .json();
    assert.deepEqual(row.page.map(({ best }) => best.id), [id]);
    assert.equal(row.page[0].best.alsoSeenAs.length, 2);
    const page = await (await get(`/findings/${id}`)).text();
    assert.match(page, /Also seen as<\/h2>/);
    assert.match(page, /TLS fingerprint 72a589da/);
    assert.doesNotMatch(page, /<script>alert/);
    assert.match(
      page,
      /egress<\/a>, from inside to outside: no. 2 of this lane/,
    );
    const json = await (await get("/api/findings/download?format=json")).json();
    assert.equal(json[1].alsoSeenAs.length, 2);
    assert.deepEqual(json[0].alsoSeenAs, []);
    const csv = await (await get("/api/findings/download?format=csv")).text();
    assert.match(csv.split("\r\n")[0], /,laneRank,alsoSeenAs$/);
    assert.match(csv, /,2,"?TLS fingerprint 72a589da[^"]*; names under/);
  }));
