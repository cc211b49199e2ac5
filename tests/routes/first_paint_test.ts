// What keeps a first paint quick, told without a clock: what a page has to
// fetch before it can be painted, how large it is, and what it asks the store.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { openStore } from "../../pipeline/store/mod.ts";
import { openSqlite } from "../../pipeline/store/sqlite/file.ts";
import { Database } from "../../pipeline/store/sqlite/database.ts";
import { type Asking, withApp } from "./_asked.ts";
import { finding, findings, report, seed } from "./seed.ts";
import { computeClusters } from "./seed_clusters.ts";

const HOST = findings()[0].src;

/** Every page of the bar, and one of each kind below. */
const PATHS = [
  "/",
  "/?q=severity:high",
  "/?group=source",
  "/hosts",
  `/hosts/${HOST}`,
  "/sessions",
  `/sessions?src=${HOST}`,
  "/sessions?q=203.0.113.7",
  "/sessions?q=honest",
  "/sessions?dst=203.0.113.7",
  `/findings/${findings()[0].id}`,
  "/clusters",
  "/neural-net",
  "/datasets",
  "/datasets/1",
  "/settings",
  "/api",
];

/** Bytes of a page as it is sent first. */
const MOST_HTML = 130_000;
/** Bytes of all scripts of a page, gzip. */
const MOST_SCRIPT = 60_000;
/** Findings of the second run: more than are read before a first page. */
const MANY = 2500;

async function seedMany(store: Asking["store"]): Promise<void> {
  const { dataset } = await seed(store);
  const ts = Float64Array.from({ length: 500 }, (_, i) => 1.6e9 + 60 * i);
  const many = Array.from({ length: MANY }, (_, i) => {
    const src = `10.0.${i >> 8}.${i & 255}`;
    const { ts: _ts, ...made } = finding(
      { src, score: 0.9 - i / 1e4, summary: `${src} polls.`, ts },
      i + 1,
    ) as ReturnType<typeof finding> & { ts?: unknown };
    return made;
  });
  await store.saveRun(dataset, report(dataset.name, { findings: many }));
}

Deno.test("a page needs one stylesheet and no script before it is painted, and is not large", () =>
  withApp({ clusters: computeClusters(100) }, async ({ get, store }) => {
    await seedMany(store);
    for (const path of PATHS) {
      const html = await (await get(path)).text();
      const head = html.slice(0, html.indexOf("</head>"));
      const links = [...head.matchAll(/<link rel="(\w+)"/g)];
      assert.deepEqual(links.map(([, rel]) => rel), ["icon", "stylesheet"]);
      const scripts = [...html.matchAll(/<script([^>]*)>/g)];
      assert.equal(scripts.length, 1, path);
      // A module never holds up the parser.
      assert.match(scripts[0][1], /^ type="module" src="[^"]*later.js/, path);
      const { length } = new TextEncoder().encode(html);
      assert.ok(length < MOST_HTML, `${path} has ${length} bytes`);
    }
  }));

Deno.test("the scripts of a page are at most 60 kB, gzip", () =>
  withApp({ clusters: computeClusters(100) }, async ({ get, store }) => {
    await seedMany(store);
    for (const path of PATHS) {
      const html = await (await get(path)).text();
      const [, own, later] = /src="([^"]+)" data-later="([^"]+)"/.exec(html)!;
      let bytes = 0;
      const wanted = new Set([own, ...later.split(" ")]);
      // What is added is visited, too.
      for (const url of wanted) {
        const text = await (await get(url)).text();
        bytes += gzipSync(text).length;
        const imported = text.matchAll(/(?:from|import)"\.\/([^"]+)"/g);
        for (const [, name] of imported) wanted.add(`/assets/${name}`);
      }
      assert.ok(wanted.size >= 3, path);
      assert.ok(bytes <= MOST_SCRIPT, `${path}: ${bytes} bytes of scripts`);
    }
  }));

Deno.test("a page whose styles are asked for in another composition finds none", () =>
  withApp({}, async ({ get }) => {
    for (const name of ["style+nothing", "style+../_build", "", "+"]) {
      const answer = await get(`/assets/styles/${name}.css`);
      await answer.body?.cancel();
      assert.equal(answer.status, 404, name);
    }
  }));

/** Tables that grow with the logs, and what statements call findings. */
const LARGE = ["conn", "http", "dns", "ssl", "records", "uids", "pairs", "f"];
const SCAN = new RegExp(`^SCAN (${[...LARGE, "findings"].join("|")})\\b`);

Deno.test("no page reads a whole table of records, pairs or findings", async () => {
  const folder = await Deno.makeTempDir();
  const { all, arrays } = Database.prototype;
  const asked = new Map<string, string>();
  let path = "";
  try {
    await using store = await openStore(`${folder}/store.db`);
    await seedMany(store);
    Database.prototype.all = function <Row>(sql: string, ...params: never[]) {
      asked.set(sql, path);
      return all.call(this, sql, ...params) as Row[];
    };
    Database.prototype.arrays = function (sql, params) {
      asked.set(sql, path);
      return arrays.call(this, sql, params);
    };
    await withApp(
      { store, clusters: computeClusters(100) },
      async ({ get }) => {
        for (path of PATHS) {
          const answer = await get(path);
          assert.ok(answer.status < 400, path);
          await answer.body?.cancel();
        }
      },
    );
    Database.prototype.all = all;
    Database.prototype.arrays = arrays;
    const db = openSqlite(`${folder}/store.db`);
    let large = 0;
    for (const [sql, from] of asked) {
      if (!/^\s*SELECT/.test(sql)) continue;
      const plan = db.all<{ detail: string }>(
        `EXPLAIN QUERY PLAN ${sql}`,
        ...new Array(sql.split("?").length - 1).fill(1),
      );
      for (const { detail } of plan) {
        if (/^SEARCH (conn|pairs|f)\b/.test(detail)) large++;
        assert.doesNotMatch(detail, SCAN, `${from}: ${sql}`);
      }
    }
    db.close();
    assert.ok(large > 10, `only ${large} steps read a large table`);
  } finally {
    Database.prototype.all = all;
    Database.prototype.arrays = arrays;
    await Deno.remove(folder, { recursive: true });
  }
});
