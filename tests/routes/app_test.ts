import assert from "node:assert/strict";
import type { Hono } from "hono";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { type AppOptions, createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";
import { finding, findings, HOSTILE, report, seed } from "./seed.ts";
import { computeClusters } from "./seed_clusters.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

type Get = (path: string, init?: RequestInit) => Promise<Response>;

/** An app over a store in memory, asked as a browser would. */
async function withApp(
  test: (get: Get, store: SessionStore, app: Hono) => Promise<void>,
  options: Partial<AppOptions> = {},
): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST], ...options });
  const get: Get = async (path, init) =>
    await app.request(`http://${HOST}${path}`, init);
  await test(get, store, app);
}

Deno.test("GET / says how to begin when the store is empty", () =>
  withApp(async (get) => {
    const html = await (await get("/")).text();
    assert.match(html, /No logs have been read yet: run <code>skerry run DIR/);
  }));

Deno.test("GET / names a dataset that has no run", () =>
  withApp(async (get, store) => {
    await store.openDataset("office");
    assert.match(await (await get("/")).text(), /No run of office yet: run/);
  }));

Deno.test("GET / lists the findings of the last run, best first", () =>
  withApp(async (get, store) => {
    await seed(store);
    const response = await get("/");
    assert.equal(response.status, 200);
    const html = await response.text();
    assert.match(html, /<h1>6\u00a0findings<\/h1>/);
    const at = findings().map((f) => html.indexOf(`/findings/${f.id}`));
    assert.deepEqual(at, at.toSorted((a, b) => a - b));
    assert.ok(at[0] > 0);
    assert.match(html, /2023-01-04 15:00 to 2023-01-05 15:00/);
    assert.match(html, /95\.8\u00a0%/);
    assert.match(html, /131 weird records/);
    assert.match(html, /safelist \*\.windowsupdate\.com: 12\u00a0pairs/);
    assert.match(html, /line 1\u202f012, ts: must be a time/);
  }));

Deno.test("GET / says what was scored when nothing was found", () =>
  withApp(async (get, store) => {
    await seed(store, "quiet", { findings: [] });
    const html = await (await get("/")).text();
    assert.match(html, /No finding in 45\u202f631\u00a0connections/);
    assert.match(html, /131 weird records/);
  }));

Deno.test("GET / brings the first 24 rows and how many there are", () =>
  withApp(async (get, store) => {
    const ts = Float64Array.of(1_672_844_500);
    const many = Array.from(
      { length: 1001 },
      (_, i) =>
        finding(
          {
            score: 0.5,
            summary: `row ${i}.`,
            ts,
            src: `10.0.${i >> 8}.${i & 255}`,
          },
          i + 1,
        ),
    );
    await seed(store, "busy", { findings: many });
    const html = await (await get("/")).text();
    assert.match(html, /1\u202f001\u00a0rows, 1\u202f001\u00a0findings/);
    assert.match(html, /medium <b>1\u202f001<\/b>/);
    assert.ok(html.includes("row 23.") && !html.includes("row 24."));
  }));

Deno.test("?dataset= and ?run= choose, and unknown ones are a page of 404", () =>
  withApp(async (get, store) => {
    await seed(store, "first");
    const { dataset, runId } = await seed(store, "second");
    await store.saveRun(dataset, report("second", { findings: [] }));
    assert.match(await (await get("/?dataset=first")).text(), /in first/);
    assert.match(await (await get("/")).text(), /0\u00a0findings/);
    const old = await (await get(`/?dataset=second&run=${runId}`)).text();
    assert.match(old, /6\u00a0findings/);
    for (const path of ["/?dataset=x%3Cb%3E", "/?run=99", "/nowhere"]) {
      const response = await get(path);
      assert.equal(response.status, 404, path);
      assert.doesNotMatch(await response.text(), /<b>/);
    }
  }));

Deno.test("GET /findings/:id shows sentence, reasons, charts and records", () =>
  withApp(async (get, store) => {
    await seed(store);
    const [first, second] = findings();
    const html = await (await get(`/findings/${first.id}`)).text();
    assert.match(html, /<h1 class="say1"><span class="mono">10\.136\.0\.18</);
    assert.match(html, /1 of 37 internal hosts/);
    assert.match(html, /−0\.62/);
    assert.match(html, /median 2\d\d\u00a0s/);
    assert.match(html, /C23x7LmQ2vT9sYk/);
    assert.match(html, new RegExp(`rel="next" href="/findings/${second.id}"`));
    assert.doesNotMatch(html, /rel="prev"/);
  }));

Deno.test("GET /findings/:id finds an older run's finding, else answers 404", () =>
  withApp(async (get, store) => {
    const { dataset } = await seed(store);
    await store.saveRun(dataset, report("office-2018", { findings: [] }));
    const path = `/findings/${findings()[1].id}`;
    assert.match(await (await get(path)).text(), /run 1/);
    assert.equal((await get("/findings/0123456789abcdef")).status, 404);
  }));

Deno.test("a finding with one check-in needs no waits", () =>
  withApp(async (get, store) => {
    await seed(store);
    const html = await (await get(`/findings/${findings()[5].id}`)).text();
    assert.match(html, /stayed open for 20 h/);
    assert.doesNotMatch(html, /Waits between/);
  }));

Deno.test("hostile log text is escaped and its hidden characters are shown", () =>
  withApp(async (get, store) => {
    await seed(store, HOSTILE);
    const paths = [
      "/",
      "/clusters",
      ...findings().map((f) => `/findings/${f.id}`),
    ];
    for (const path of paths) {
      // What a script or a form takes from an attribute, no reader sees.
      const html = (await (await get(path)).text())
        .replace(/ (props|value)="[^"]*"/g, "");
      assert.doesNotMatch(html, /<script>|\u202e|\u200b/, path);
      assert.match(html, /&lt;script>alert\(1\)&lt;\/script>&lt;U\+202E>gpj/);
    }
  }, { clusters: computeClusters(100) }));

Deno.test("a page has no inline style and no script but its own files", () =>
  withApp(async (get, store) => {
    await seed(store);
    for (const path of ["/", `/findings/${findings()[0].id}`, "/clusters"]) {
      const html = await (await get(path)).text();
      assert.doesNotMatch(html, / style=| on\w+=|<style/, path);
      for (const [tag] of html.matchAll(/<script.*?<\/script>/g)) {
        assert.match(
          tag,
          /^<script type="module" src="\/assets\/[^"]+" data-later="[^"<>]+"><\/script>$/,
        );
      }
    }
  }, { clusters: computeClusters(100) }));

Deno.test("a page names each file by its content, and a browser keeps it", () =>
  withApp(async (get) => {
    const html = await (await get("/api")).text();
    const named = html.matchAll(/\/assets\/(?:static|styles)\/[^" ]+/g);
    const urls = [...named].map(([url]) => url);
    // Icon, styles, the script that loads the others, the theme's.
    assert.equal(urls.length, 4, html.slice(0, 1000));
    const kept = async (url: string) => {
      const answer = await get(url);
      await answer.body?.cancel();
      assert.equal(answer.status, 200, url);
      return answer.headers.get("cache-control");
    };
    for (const url of urls) {
      assert.match(url, /\?v=(?:[0-9a-f]{8})+$/);
      assert.match((await kept(url))!, /immutable/);
      // What is asked for under another name may be another one tomorrow.
      assert.equal(await kept(url.split("?")[0]), "no-cache");
      assert.equal(await kept(url.slice(0, -1)), "no-cache");
    }
  }));

Deno.test("only a page with an island loads the bundle", () =>
  withApp(async (get, store) => {
    await seed(store);
    assert.doesNotMatch(await (await get("/api")).text(), /boot-/);
    const html = await (await get("/clusters")).text();
    const [boot] = /\/assets\/boot-[^" ]+/.exec(html)!;
    const script = await get(boot);
    assert.equal(
      script.headers.get("content-type"),
      "text/javascript; charset=utf-8",
    );
    assert.match(script.headers.get("cache-control")!, /immutable/);
    await script.body?.cancel();
  }, { clusters: computeClusters(100) }));

Deno.test("an unexpected error is a page of 500 that tells nothing of it", () => {
  const seen: unknown[] = [];
  return withApp(async (get, store) => {
    await seed(store);
    store.lastRun = () => Promise.reject(new Error("secret /path"));
    const response = await get("/");
    const html = await response.text();
    assert.equal(response.status, 500);
    assert.match(html, /Cannot show this page/);
    assert.doesNotMatch(html, /secret|\.ts:/);
    assert.equal(seen.length, 1);
  }, { onError: (error) => seen.push(error) });
});

Deno.test("POST /api/verdict keeps a verdict and returns to the finding", () =>
  withApp(async (get, store) => {
    await seed(store);
    const { id } = findings()[0];
    const post = (verdict: string, back = `/findings/${id}`) => {
      const body = new URLSearchParams({ finding: id, verdict, back });
      return get("/api/verdict", {
        method: "POST",
        body,
        headers: {
          "sec-fetch-site": "same-origin",
          "content-length": String(body.toString().length),
        },
      });
    };
    const response = await post("benign");
    assert.equal(response.status, 303);
    assert.equal(
      response.headers.get("location"),
      `http://${HOST}/findings/${id}`,
    );
    assert.equal((await store.opinion(id)).verdict, "benign");
    await post("");
    assert.equal((await store.opinion(id)).verdict, null);
    assert.equal((await post("evil")).status, 400);
    const away = await post("benign", "//evil.example/");
    assert.equal(away.headers.get("location"), `http://${HOST}/`);
  }));
