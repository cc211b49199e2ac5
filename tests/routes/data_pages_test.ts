import assert from "node:assert/strict";
import {
  DETECTORS,
  type Params,
  type StoredRecord,
} from "../../pipeline/mod.ts";
import { hostPage, matching } from "../../routes/_hosts.ts";
import { gapsIn } from "../../routes/_parts/coverage.tsx";
import { batchOf, importBatches, type Row } from "../store/_records.ts";
import { type Asking, ended, withApp } from "./_asked.ts";
import { findings, HOSTILE, seed, UIDS } from "./seed.ts";

const FIRST = findings()[0];

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

Deno.test("pages without logs say how to begin", () =>
  withApp({}, async (asking) => {
    assert.match(await html(asking, "/datasets"), /No logs have been read yet/);
    assert.match(await html(asking, "/hosts"), /No hosts yet/);
    assert.match(await html(asking, "/sessions"), /No sessions yet/);
    assert.match(await html(asking, "/settings"), /:memory:/);
  }));

Deno.test("GET /datasets/:id tells files, skipped lines with field and reason, and coverage", () =>
  seeded(async (asking) => {
    const [{ id }] = await asking.store.datasets();
    const page = await html(asking, `/datasets/${id}`);
    assert.match(page, /logs\/conn\.log\.gz/);
    assert.match(page, /1\u202f012<\/td><td class="mono">ts<\/td>/);
    assert.match(page, /must be a time, got n\/a/);
    assert.match(page, /aria-label="Records over time/);
    assert.equal((await asking.get("/datasets/999")).status, 404);
  }));

Deno.test("a dataset is renamed, pruned and deleted, the last only when it is meant", () =>
  seeded(async (asking) => {
    const [{ id }] = await asking.store.datasets();
    const api = `/api/datasets/${id}`;
    const renamed = await asking.submit(`${api}/rename`, { name: "case 7" });
    assert.equal(renamed.headers.get("location"), `/datasets/${id}`);
    assert.equal((await asking.store.datasets())[0].name, "case 7");
    const plan = await html(asking, `/datasets/${id}?olderThan=1s&maxSize=`);
    assert.match(plan, /would remove nothing/);
    assert.equal(
      (await asking.get(`/datasets/${id}?olderThan=soon`)).status,
      400,
    );
    assert.equal((await asking.post(`${api}/prune`, {})).status, 400);
    assert.equal((await asking.post(`${api}/delete`, {})).status, 409);
    const deleted = await asking.post(`${api}/delete`, { sure: true });
    const job = await ended(asking, (await deleted.json()).id);
    assert.equal(job.state, "done");
    assert.deepEqual(await asking.store.datasets(), []);
  }));

Deno.test("POST /api/hunts runs again with the networks that are given", () =>
  seeded(async (asking) => {
    const response = await asking.post("/api/hunts", {
      dataset: "office",
      internal: "192.0.2.0/24, 10.0.0.0/8",
    });
    await ended(asking, (await response.json()).id);
    const run = await asking.store.lastRun();
    assert.deepEqual(run!.report.internalNetworks.networks, [
      "192.0.2.0/24",
      "10.0.0.0/8",
    ]);
    const wrong = await asking.post("/api/hunts", {
      dataset: "office",
      internal: "everything",
    });
    assert.equal(wrong.status, 400);
  }));

Deno.test("GET /sessions lists a source's records, page by page, and exports them", () =>
  seeded(async (asking) => {
    const page = await html(asking, `/sessions?src=${FIRST.src}`);
    assert.match(page, new RegExp(FIRST.dst.replaceAll(".", "\\.")));
    const path = `/api/sessions?src=${FIRST.src}`;
    const { sessions, next } = await (await asking.get(path)).json();
    assert.equal(next, null);
    assert.equal(sessions.length, UIDS.length);
    const csv = await (await asking.get(`${path}&format=csv`)).text();
    assert.equal(csv.trim().split("\r\n").length, 1 + sessions.length);
    assert.equal((await asking.get("/api/sessions")).status, 400);
    assert.equal((await asking.get("/sessions?port=99999")).status, 400);
    assert.equal((await asking.get("/sessions?from=soon")).status, 400);
  }));

Deno.test("GET /sessions finds a uid and goes to its session", () =>
  seeded(async (asking) => {
    const { sessions } = await asking.store.sessions(
      (await asking.store.datasets())[0],
      { src: FIRST.src },
    );
    const uid = String(sessions[0].fields.uid);
    const found = await asking.get(`/sessions?q=${uid}`);
    assert.equal(found.status, 303);
    const page = await html(asking, found.headers.get("location")!);
    assert.match(page, />conn<\/h2>/);
    assert.match(page, /orig_bytes/);
    const none = await asking.get("/sessions/Cnone");
    assert.equal(none.status, 404);
    const pairs = await html(asking, `/sessions?q=${FIRST.dst}`);
    assert.match(pairs, /Who talked to whom/);
    assert.match(await html(asking, "/sessions?port=9"), /Nothing matches/);
  }));

Deno.test("GET /hosts lists sources, and one host's peers and findings", () =>
  seeded(async (asking) => {
    assert.match(
      await html(asking, "/hosts"),
      new RegExp(`/hosts/${FIRST.src}\\?dataset=office`),
    );
    const exact = await asking.get(`/hosts?q=${FIRST.src}`);
    assert.equal(exact.status, 303);
    await asking.store.addNote(FIRST.id, "asked the owner");
    const page = await html(asking, exact.headers.get("location")!);
    assert.match(page, /Destinations it reached/);
    assert.match(page, new RegExp(`/findings/${FIRST.id}`));
    assert.match(page, /asked the owner/);
    assert.match(await html(asking, "/hosts/192.0.2.77"), /Not in these logs/);
    assert.equal((await asking.get("/hosts/nobody")).status, 400);
  }));

Deno.test("Settings: an entry shows what it hides, is added and removed", () =>
  seeded(async (asking) => {
    const query = `kind=address&value=${FIRST.dst}`;
    assert.match(
      await html(asking, `/settings?${query}`),
      /Hides \d+ of the 6.findings/,
    );
    assert.match(
      await html(asking, "/settings?kind=name&value=*.cloudfront.net"),
      /Anybody can have a name under cloudfront\.net/,
    );
    const add = (form: Record<string, string>) =>
      asking.submit("/api/safelist/add", form);
    const form = { kind: "address", value: FIRST.dst };
    assert.equal((await add(form)).status, 400);
    assert.equal((await add({ ...form, reason: HOSTILE })).status, 303);
    const [entry] = await asking.store.safelist();
    assert.equal(entry.value, FIRST.dst);
    assert.ok(!(await html(asking, "/settings")).includes(HOSTILE));
    const csv = await asking.get("/api/safelist?format=csv");
    assert.match(await csv.text(), /^id,kind,value,reason/);
    const remove = `/api/safelist/${entry.id}/remove`;
    assert.equal((await asking.submit(remove, {})).status, 303);
    assert.equal((await asking.submit(remove, {})).status, 404);
    assert.deepEqual(await asking.store.safelist(), []);
  }));

Deno.test("POST /api/store/test takes servers only, and no secret in an address", () =>
  withApp({}, async ({ post }) => {
    for (
      const address of [
        "",
        "/etc/passwd",
        "file:///tmp/x.db",
        "mysql://ann:secret@127.0.0.1/skerry",
        "mysql://ann@127.0.0.1/skerry?password-file=/etc/passwd",
      ]
    ) {
      const response = await post("/api/store/test", { address });
      assert.equal(response.status, 400, address);
      assert.ok(!(await response.text()).includes("secret"));
    }
    const dead = await post("/api/store/test", {
      address: "mysql://ann@127.0.0.1:9/skerry",
      password: "pa55word",
    });
    assert.equal(dead.status, 400);
    const { error } = await dead.json();
    assert.match(error, /^Cannot open the store mysql:\/\/ann@127\.0\.0\.1:9/);
    assert.ok(!error.includes("pa55word"));
  }));

Deno.test("hostPage orders addresses as numbers and goes on behind the last", () => {
  const hosts = [9, 10, 2].map((n) => ({
    address: `10.0.0.${n}`,
    records: n,
    firstTs: n,
    lastTs: n,
  }));
  const page = (after: string | null) =>
    hostPage(hosts, new Map([["10.0.0.2", 3]]), {
      matches: matching("10.", new Map()),
      order: "address",
      after,
      limit: 2,
    });
  assert.deepEqual(page(null).rows.map((h) => h.records), [2, 9]);
  assert.equal(page(null).next, "10.0.0.9");
  assert.deepEqual(page("10.0.0.9").rows.map((h) => h.records), [10]);
  assert.equal(page("10.0.0.9").next, null);
});

Deno.test("gapsIn joins empty bins that lie side by side", () => {
  assert.deepEqual(gapsIn([0, 0, 1, 0, 2]), [[0, 2], [3, 4]]);
  assert.deepEqual(gapsIn([1, 2]), []);
});

import {
  DETECTORS,
  type Params,
  type StoredRecord,
} from "../../pipeline/mod.ts";
  }));
