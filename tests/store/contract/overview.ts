import assert from "node:assert/strict";
import { schemas } from "../../../pipeline/ingest/log_type.ts";
import type {
  Dataset,
  PairQuery,
  SessionQuery,
  SessionStore,
} from "../../../pipeline/store/session_store.ts";
import { batchOf, connRow, importBatches, type Row } from "../_records.ts";
import { conn, HOSTILE, type Test } from "./shared.ts";

/** Three hosts that ask one server, and a scan of ports. */
const TALK: readonly Row[] = [1, 2, 3].flatMap((host) =>
  Array.from({ length: host * 10 }, (_, i) =>
    connRow({
      ts: 1000 + 60 * i + host,
      uid: `Ctalk${host}n${i}`,
      "id.orig_h": `10.0.0.${host}`,
      "id.resp_h": "192.0.2.1",
      "id.resp_p": i % 10 === 9 ? 8443 : 443,
    }))
);

/** In three imports, each with a part of every pair. */
async function talk(store: SessionStore): Promise<Dataset> {
  const dataset = await store.openDataset("d");
  const http = schemas.get("http")!;
  for (const part of [0, 1, 2]) {
    await importBatches(
      store,
      dataset,
      batchOf(conn, TALK.filter((_, i) => i % 3 === part)),
      batchOf(http, [
        { ...TALK[part], host: "Www.Example.ORG" },
        { ...TALK[59], ts: 5000 + part, host: "100%_safe.test" },
      ]),
    );
  }
  return dataset;
}

export function overviewTests(test: Test): void {
  test("sessions are paged in time order, over all imports", async (store) => {
    const dataset = await talk(store);
    const times = TALK.filter((row) => row["id.orig_h"] === "10.0.0.3")
      .map(({ ts }) => ts as number);
    const read = async (query: Partial<SessionQuery>) => {
      const out: number[] = [];
      let after: string | undefined;
      do {
        const page = await store.sessions(dataset, {
          src: "10.0.0.3",
          limit: 7,
          ...query,
          after,
        });
        assert.ok(page.sessions.length <= 7);
        out.push(...page.sessions.map(({ fields }) => fields.ts as number));
        after = page.next ?? undefined;
      } while (after);
      return out;
    };
    assert.deepEqual(await read({}), times);
    assert.deepEqual(await read({ dst: "192.0.2.1" }), times);
    assert.deepEqual(
      await read({ dst: "192.0.2.1", port: 8443 }),
      times.filter((_, i) => i % 10 === 9),
    );
    assert.deepEqual(
      await read({ from: times[4], to: times[9] }),
      times.slice(4, 9),
    );
    assert.deepEqual(await read({ dst: "192.0.2.2" }), []);
    assert.deepEqual(await read({ logType: "http" }), [5000, 5001, 5002]);
    await assert.rejects(
      store.sessions(dataset, { src: "10.0.0.3", after: "x" }),
      RangeError,
    );
  });

  test("hosts are counted over all imports, busiest first", async (store) => {
    const dataset = await talk(store);
    const hosts = await store.hosts(dataset);
    assert.deepEqual(
      hosts.map(({ address, records }) => [address, records]),
      [["10.0.0.3", 30], ["10.0.0.2", 20], ["10.0.0.1", 10]],
    );
    assert.deepEqual([hosts[0].firstTs, hosts[0].lastTs], [1003, 2743]);
    const web = await store.openDataset("http alone");
    await importBatches(
      store,
      web,
      batchOf(schemas.get("http")!, [{ ...TALK[0], host: "a.test" }]),
    );
    assert.equal((await store.hosts(web))[0].records, 1);
    const none = await store.openDataset("none");
    assert.deepEqual(await store.hosts(none), []);
    await assert.rejects(
      store.hosts(dataset, { signal: AbortSignal.abort(new Error("stop")) }),
      /stop/,
    );
  });

  test("a host's connections are counted by hour and sensor", async (store) => {
    const dataset = await store.openDataset("hours");
    const at = (ts: number, sensor?: string, orig_h = "10.0.0.1") => ({
      ...TALK[0],
      ts,
      "id.orig_h": orig_h,
      ...(sensor ? { _system_name: sensor } : {}),
    });
    await importBatches(
      store,
      dataset,
      batchOf(schemas.get("conn")!, [
        at(7199.9, "b"),
        at(7200, "b"),
        at(7300, "a"),
        at(7300, "a", "10.0.0.2"),
      ]),
    );
    await importBatches(
      store,
      dataset,
      batchOf(schemas.get("conn")!, [at(7400), at(90_000, "b")]),
    );
    const { hours, sensors } = await store.host(dataset, "10.0.0.1");
    assert.deepEqual(hours, [
      { ts: 3600, records: 1 },
      { ts: 7200, records: 3 },
      { ts: 90_000, records: 1 },
    ]);
    assert.deepEqual(sensors, [
      { sensor: "b", records: 3 },
      { sensor: null, records: 1 },
      { sensor: "a", records: 1 },
    ]);
    const none = await store.host(dataset, "10.9.9.9");
    assert.deepEqual([none.hours, none.sensors], [[], []]);
  });

  test("pairs are those of a port and a time, too", async (store) => {
    const dataset = await talk(store);
    const counts = async (query: PairQuery) =>
      (await store.pairs(dataset, query))
        .filter(({ logType }) => logType === "conn").map((p) => p.count);
    assert.deepEqual(await counts({ port: 8443 }), [3, 2, 1]);
    assert.deepEqual(await counts({ port: 22 }), []);
    assert.deepEqual(await counts({ to: 1001 }), []);
    assert.equal((await counts({ from: 2600 })).length, 2);
  });

  test("sessions of one instant are paged without loss", async (store) => {
    const dataset = await store.openDataset("d");
    const rows = Array.from(
      { length: 25 },
      (_, i) => connRow({ uid: `C${i}` }),
    );
    for (const part of [0, 1]) {
      const some = rows.filter((_, i) => i % 2 === part);
      await importBatches(store, dataset, batchOf(conn, some));
    }
    const uids: unknown[] = [];
    let after: string | undefined;
    do {
      const page = await store.sessions(dataset, {
        src: "10.55.100.100",
        limit: 4,
        after,
      });
      uids.push(...page.sessions.map(({ fields }) => fields.uid));
      after = page.next ?? undefined;
    } while (after);
    assert.deepEqual(
      uids.toSorted(),
      rows.map(({ uid }) => uid).toSorted(),
    );
  });

  test("pairs sum what all imports hold, most records first", async (store) => {
    const dataset = await talk(store);
    const [first, ...rest] = await store.pairs(dataset, {});
    assert.deepEqual(first, {
      logType: "conn",
      src: "10.0.0.3",
      dst: "192.0.2.1",
      port: 443,
      name: null,
      count: 27,
      firstTs: 1003,
      lastTs: 1003 + 60 * 28,
    });
    assert.deepEqual(rest.map(({ count }) => count), [18, 9, 3, 3, 3, 2, 1]);
    assert.deepEqual(
      (await store.pairs(dataset, { src: "10.0.0.1" })).map((p) => p.count),
      [9, 3, 1],
    );
    assert.equal((await store.pairs(dataset, { dst: "10.0.0.1" })).length, 0);
    assert.equal((await store.pairs(dataset, { limit: 2 })).length, 2);
    const named = await store.pairs(dataset, { name: "example.o" });
    assert.deepEqual(named.map((p) => [p.name, p.logType, p.count]), [
      ["Www.Example.ORG", "http", 3],
    ]);
    assert.equal((await store.pairs(dataset, { name: "0%_S" })).length, 1);
    assert.equal((await store.pairs(dataset, { name: "0_%" })).length, 0);
  });

  test("host says whom an address spoke to, and by which names", async (store) => {
    const dataset = await talk(store);
    const server = await store.host(dataset, "192.0.2.1");
    assert.deepEqual(
      [server.asDestination.peers, server.asDestination.records],
      [3, 60],
    );
    assert.deepEqual(
      [server.asDestination.firstTs, server.asDestination.lastTs],
      [1001, 1003 + 60 * 29],
    );
    assert.deepEqual(server.asSource, {
      peers: 0,
      records: 0,
      firstTs: null,
      lastTs: null,
      top: [],
    });
    const client = await store.host(dataset, "10.0.0.3");
    assert.deepEqual(client.asSource.top.map(({ count }) => count), [27, 3]);
    assert.deepEqual(client.names.map(({ name }) => name), ["100%_safe.test"]);
  });

  test("search finds addresses, parts of names and uids", async (store) => {
    const dataset = await talk(store);
    const found = async (text: string) => {
      const { pairs, records } = await store.search(dataset, text);
      return [pairs.length, records.map(({ logType }) => logType)];
    };
    assert.deepEqual(await found("192.0.2.1"), [8, []]);
    assert.deepEqual(await found("10.0.0.1"), [3, []]);
    assert.deepEqual(await found("EXAMPLE"), [1, []]);
    assert.deepEqual(await found(`${TALK[0].uid}`), [0, ["conn", "http"]]);
    assert.deepEqual(await found("Ctalk9n999"), [0, []]);
    assert.deepEqual(await found(" "), [0, []]);
  });

  test("recordsOf finds the same with and without whose they are", async (store) => {
    const dataset = await talk(store);
    const uids = [TALK[0], TALK[20], TALK[59]].map(({ uid }) => uid as string);
    const all = await store.recordsOf(dataset, uids);
    assert.equal(all.length, 3 + 1 + 3);
    const src = "10.0.0.3", dst = "192.0.2.1";
    const of = (host: string) =>
      all.filter(({ fields }) => fields["id.orig_h"] === host);
    assert.deepEqual(await store.recordsOf(dataset, uids, { src }), of(src));
    assert.deepEqual(
      await store.recordsOf(dataset, uids, { src, dst }),
      of(src),
    );
    assert.deepEqual(
      await store.recordsOf(dataset, uids, { src, dst: src }),
      [],
    );
  });

  test("clusterSessions pages the sessions of a kept model's cluster", async (store) => {
    const dataset = await talk(store);
    const { id } = await store.saveModel("k", "kmeans", {}, dataset.name);
    const uids = TALK.map(({ uid }) => uid as string);
    const hostile = HOSTILE[2];
    await store.saveClusterMembers(id, [
      { label: 0, uids: [...uids.slice(0, 25), hostile] },
      { label: -1, uids: uids.slice(25, 27) },
    ]);
    const read = async (label: number, limit: number, logType?: string) => {
      const pages: unknown[][] = [];
      let after: string | undefined;
      do {
        const page = await store.clusterSessions(dataset, id, {
          label,
          limit,
          logType,
          after,
        });
        pages.push(page.sessions.map(({ fields }) => fields.uid));
        after = page.next ?? undefined;
      } while (after);
      return pages;
    };
    const pages = await read(0, 10);
    assert.deepEqual(pages.map(({ length }) => length), [10, 10, 5]);
    assert.deepEqual(pages.flat().toSorted(), uids.slice(0, 25).toSorted());
    assert.equal((await read(-1, 10)).flat().length, 2);
    assert.deepEqual(await read(7, 10), [[]]);
    assert.equal((await read(0, 100, "http")).flat().length, 3);
    await assert.rejects(
      store.clusterSessions(dataset, id, { label: 0, after: "x" }),
      RangeError,
    );
    await store.saveModel("k", "kmeans", {}, dataset.name);
    assert.deepEqual(await read(0, 10), [[]], "another fit has other clusters");
    await store.saveClusterMembers(id, [{ label: 0, uids }]);
    await store.deleteModel("k", "kmeans");
    assert.deepEqual(await read(0, 10), [[]]);
  });

  test("firstSeen looks at all imports, by address and by name", async (store) => {
    const dataset = await talk(store);
    const src = "10.0.0.3", dst = "192.0.2.1";
    const seen = (dst: string, name: string | null) =>
      store.firstSeen(dataset, { src, dst, name });
    assert.equal(await seen(dst, null), 1003);
    assert.equal(await seen(dst, "100%_SAFE.test"), 5000);
    assert.equal(await seen("192.0.2.9", null), null);
    assert.equal(await seen(dst, "other.test"), null);
  });

  test("firstSeen of some sensors leaves out what others saw", async (store) => {
    const dataset = await store.openDataset("sites");
    const rows = ["north", "south", "core"].map((_system_name, i) =>
      connRow({ ts: 1000 + i, uid: `Csite${i}`, _system_name })
    );
    await importBatches(
      store,
      dataset,
      batchOf(conn, [...rows, connRow({ ts: 900, uid: "Cunnamed" })]),
      batchOf(
        schemas.get("http")!,
        rows.map((row, i) => ({
          ...row,
          ts: 2000 + i,
          host: "A.example",
        })),
      ),
    );
    const [src, dst] = ["10.55.100.100", "34.223.124.45"];
    const seen = (name: string | null, ...sensors: string[]) =>
      store.firstSeen(dataset, { src, dst, name }, sensors);
    assert.equal(await seen(null), 900);
    assert.equal(await seen(null, "south"), 1001);
    assert.equal(await seen(null, "core", "south"), 1001);
    assert.equal(await seen(null, "west"), null);
    assert.equal(await seen("a.EXAMPLE", "core"), 2002);
    assert.equal(await seen("b.example", "core"), null);
  });

  test("histogram counts records by time", async (store) => {
    const dataset = await talk(store);
    const { from, width, counts } = await store.histogram(dataset);
    assert.deepEqual([from, width], [900, 300]);
    assert.deepEqual(counts.reduce((a, b) => a + b), 66);
    const conn = await store.histogram(dataset, { logType: "conn", bins: 2 });
    assert.deepEqual([conn.width, conn.counts], [1200, [48, 12]]);
    const part = await store.histogram(dataset, { from: 1200, to: 1500 });
    assert.deepEqual([part.from, part.counts], [1200, [15]]);
    const empty = await store.openDataset("empty");
    assert.deepEqual((await store.histogram(empty)).counts, []);
  });
}
