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

/** What other logs say of the first seeded session, and of nobody's. */
async function addRecords({ store }: Asking): Promise<void> {
  const dataset = (await store.findDataset("office"))!;
  const ends = { "id.orig_h": FIRST.src, "id.resp_h": FIRST.dst };
  const text = (name: string) => ({ name, type: "string" });
  const time = { name: "ts", type: "time" };
  const batch = (path: string, names: readonly string[], ...rows: Row[]) =>
    batchOf({ path, fields: [time, ...names.map(text)] }, rows);
  await importBatches(
    store,
    dataset,
    batch(
      "notice",
      ["uid", "id.orig_h", "id.resp_h", "msg"],
      { ts: 10, uid: UIDS[0], ...ends, msg: `scan ${HOSTILE}` },
      ...Array.from({ length: 120 }, (_, i) => ({ ts: 20 + i, msg: `n${i}` })),
    ),
    batch("files", ["fuid", "conn_uids"], {
      ts: 11,
      fuid: "FSeeded01",
      conn_uids: UIDS[0],
    }),
    batch("x509", ["id", "certificate.subject"], {
      ts: 12,
      id: "FSeeded01",
      "certificate.subject": "CN=seeded",
    }),
  );
}

Deno.test("GET /sessions/:uid shows what every log says of it, with its certificates", () =>
  seeded(async (asking) => {
    await addRecords(asking);
    const query = new URLSearchParams({ src: FIRST.src, dst: FIRST.dst });
    for (const search of ["", `?${query}`]) {
      const page = await html(asking, `/sessions/${UIDS[0]}${search}`);
      for (const logType of ["conn", "notice", "files", "x509"]) {
        assert.match(page, new RegExp(`Records of ${logType}"`), logType);
      }
      assert.match(page, /certificate\.subject.*CN=seeded/s);
      assert.ok(!page.includes(HOSTILE), "escaped");
    }
    const api = await (await asking.get(`/api/sessions/${UIDS[0]}`)).json();
    assert.ok(api.some(({ logType }: StoredRecord) => logType === "x509"));
    const found = await asking.get("/sessions?q=FSeeded01");
    assert.equal(found.status, 303);
    assert.match(found.headers.get("location")!, /^\/sessions\/FSeeded01\?/);
    assert.match(await html(asking, "/sessions/FSeeded01"), /Records of x509"/);
  }));

Deno.test("GET /sessions lists a log by its type, with its columns, and looks for a text in it", () =>
  seeded(async (asking) => {
    await addRecords(asking);
    const first = await html(asking, "/sessions?q=type:notice");
    assert.match(first, /Records of notice"/);
    assert.match(first, /<option value="notice" selected>/);
    assert.match(first, /msg<\/th>/);
    assert.match(first, /rel="next"/);
    const some = await html(asking, "/sessions?q=type%3Anotice+SCAN");
    assert.match(some, /1.record/);
    assert.ok(!some.includes(HOSTILE), "escaped");
    assert.match(
      await html(asking, "/sessions?type=notice&q=nothing"),
      /Nothing matches/,
    );
    const { sessions } = await (await asking.get(
      "/api/sessions?type=notice&q=n11",
    )).json();
    assert.deepEqual(
      sessions.map(({ fields }: StoredRecord) => fields.msg),
      ["n11", ...Array.from({ length: 10 }, (_, i) => `n11${i}`)],
    );
    const file = await asking.get("/api/sessions?type=notice&format=csv");
    assert.equal((await file.text()).trim().split("\r\n").length, 122);
    for (const search of ["type=a%20b", "type=notice&port=80"]) {
      assert.equal((await asking.get(`/sessions?${search}`)).status, 400);
    }
  }));

Deno.test("a dataset is merged into another, only when it is meant", () =>
  seeded(async (asking) => {
    const { store } = asking;
    const [from] = await store.datasets();
    const { id } = await store.openDataset("case");
    const api = `/api/datasets/${from.id}/merge`;
    assert.match(
      await html(asking, `/datasets/${from.id}`),
      /<option value="case"/,
    );
    const status = async (form: Record<string, unknown>) =>
      (await asking.post(api, form)).status;
    assert.equal(await status({ into: "nowhere", sure: true }), 404);
    assert.equal(await status({ into: "office", sure: true }), 400);
    assert.equal(await status({ into: "case" }), 409);
    const merging = await asking.post(api, { into: "case", sure: true });
    assert.equal(merging.status, 202);
    const job = await ended(asking, (await merging.json()).id);
    assert.equal(job.state, "done");
    const [left, ...none] = await store.datasets();
    assert.deepEqual(none, []);
    assert.deepEqual([left.id, left.records], [id, from.records]);
  }));

Deno.test("a log of a dataset is sent as Zeek's JSON, a record a line", () =>
  seeded(async (asking) => {
    const [{ id, records }] = await asking.store.datasets();
    const page = await html(asking, `/datasets/${id}`);
    for (const log of Object.keys(records)) {
      const path = `/api/datasets/${id}/export?log=${log}`;
      assert.ok(page.includes(`href="${path}"`), path);
      const sent = await asking.get(path);
      assert.equal(
        sent.headers.get("content-disposition"),
        `attachment; filename="${log}.log"`,
      );
      const lines = (await sent.text()).trimEnd().split("\n")
        .map((line) => JSON.parse(line));
      assert.equal(lines.length, records[log]);
      assert.ok(lines.every((line) => line._path === log && line.ts > 0));
    }
    const none = await asking.get(`/api/datasets/${id}/export?log=nothing`);
    assert.equal(none.status, 404);
  }));

Deno.test("Settings: thresholds are changed for a run, which keeps them", () =>
  seeded(async (asking) => {
    const [{ name, params }] = DETECTORS;
    const [param, row] = Object.entries(params as Params)
      .find(([, { kind }]) => kind === "number")!;
    const field = `${name}.${param}`;
    const before = await html(asking, "/settings");
    assert.ok(before.includes(`name="${field}"`));
    const { max } = row as { max: number };
    const hunt = (value: string) =>
      asking.submit("/api/hunts", { dataset: "office", [field]: value });
    for (const wrong of [String(max + 1), "many"]) {
      const refused = await hunt(wrong);
      assert.equal(refused.status, 400);
      const told = (await refused.text()).replace(/<!-- -->/g, "");
      assert.match(told, new RegExp(`Cannot run ${name}: ${param} must be`));
    }
    const started = await hunt(String(max));
    const [, job] = /job=(\d+)/.exec(started.headers.get("location")!)!;
    assert.equal((await ended(asking, Number(job))).state, "done");
    const run = (await asking.store.lastRun())!;
    assert.deepEqual(run.report.values, { [name]: { [param]: max } });
    const after = await html(asking, "/settings");
    assert.match(after, /as the last run had them/);
    const back = await hunt(String(row.default));
    await ended(
      asking,
      Number(/job=(\d+)/.exec(back.headers.get("location")!)![1]),
    );
    assert.equal((await asking.store.lastRun())!.report.values, undefined);
  }));
