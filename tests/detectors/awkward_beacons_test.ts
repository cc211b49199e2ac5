import assert from "node:assert/strict";
import { DETECTORS } from "../../pipeline/detectors/mod.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, ofConn, type Row } from "../_batches.ts";
import { seeded } from "../bench/synthetic.ts";

const A = "10.0.0.5", B = "203.0.113.7", START = 1.7e9, DAY = 86_400;

/** Two days of a host that also browses, with `rows` amid it; the findings about them. */
async function findingsAbout(rows: readonly Row[]): Promise<Finding[]> {
  const u = seeded(3), browsing: Row[] = [];
  for (let t = START; t < START + 2 * DAY; t += 900 * -Math.log(1 - u())) {
    const site = Math.floor(40 * u() ** 2);
    browsing.push(connRow(t, A, `198.51.100.${1 + site}`, {
      orig_bytes: Math.round(500 + 3000 * u()),
      resp_bytes: Math.round(2000 + 90_000 * u()),
    }));
  }
  const ssl = browsing.map((row) =>
    ofConn(row, {
      server_name: `www.site${row["id.resp_h"]}.example`.replaceAll(".", "-")
        .replace("-example", ".example"),
      established: "T",
    })
  );
  const flows = new Flows();
  flows.add(batchOf("ssl", ssl));
  flows.add(batchOf("conn", [...browsing, ...rows]));
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("test", detector.params, {});
    out.push(...await detector.detect(scene, values, {}));
  }
  const targets = new Set(rows.map((row) => row["id.resp_h"]));
  const ranked = out.sort(compareFindings);
  assert.ok(targets.has(ranked[0]?.dst), "it is the first finding");
  return ranked.filter(({ dst }) => targets.has(dst));
}

/** Times from START with a period and a jitter of a share of it either way. */
function times(
  period: number,
  jitter: number,
  from: number,
  to: number,
  seed = 1,
): number[] {
  const u = seeded(seed), out: number[] = [];
  for (
    let t = START + from;
    t < START + to;
    t += period * (1 + jitter * (2 * u() - 1))
  ) out.push(t);
  return out;
}

const rowsAt = (ts: readonly number[], more: Row = {}): Row[] =>
  ts.map((t) =>
    connRow(t, A, B, { orig_bytes: 320, resp_bytes: 240, ...more })
  );

const BEATS: Readonly<Record<string, readonly Row[]>> = {
  "lives for two hours of two days": rowsAt(times(60, 0.2, 30_000, 37_200)),
  "sleeps at night": rowsAt([
    ...times(300, 0.2, 30_000, 62_000),
    ...times(300, 0.2, DAY + 30_000, DAY + 62_000, 2),
  ]),
  "has two cadences": rowsAt(
    [...times(60, 0.05, 0, 2 * DAY), ...times(3600, 0.01, 7, 2 * DAY, 2)].sort(
      (a, b) => a - b,
    ),
  ),
  "jitters by 90 %": rowsAt(times(300, 0.9, 0, 2 * DAY)),
  "beats faster than a second": rowsAt(times(0.5, 0.1, 30_000, 30_900)),
  "loses half, and doubles some": rowsAt(
    times(300, 0.2, 0, 2 * DAY).flatMap((t, i) =>
      i % 2 === 0 && i % 3 > 0 ? [] : i % 5 === 0 ? [t, t + 0.2] : [t]
    ),
  ),
  "has no bytes counted": rowsAt(times(300, 0.1, 0, 2 * DAY), {
    orig_ip_bytes: 0,
    resp_ip_bytes: 0,
  }),
  "has no bytes at all": times(300, 0.1, 0, 2 * DAY).map((t) => {
    const { orig_bytes: _up, resp_bytes: _down, ...row } = connRow(t, A, B);
    return row as Row;
  }),
  "moves data amid its heartbeats": times(300, 0.1, 0, 2 * DAY).map((t, i) =>
    connRow(t, A, B, {
      orig_bytes: i % 40 === 7 ? 4_000_000 : 320,
      resp_bytes: i % 40 === 7 ? 90_000 : 240,
      duration: i % 40 === 7 ? 120 : 0.5,
    })
  ),
};

for (const [what, rows] of Object.entries(BEATS)) {
  Deno.test(`beacon finds what ${what}`, async () => {
    const found = (await findingsAbout(rows))
      .filter(({ detector }) => detector === "beacon");
    assert.ok(found[0]?.score > 0.4, `${found[0]?.score}`);
  });
}

Deno.test("beacon finds what goes from one internal network to another", async () => {
  const rows = times(300, 0.2, 0, 2 * DAY).map((t) =>
    connRow(t, A, "172.16.9.9", {
      "id.resp_p": 4444,
      orig_bytes: 320,
      resp_bytes: 240,
    })
  );
  const [found] = await findingsAbout(rows);
  assert.equal(found.direction, "internal");
  assert.ok(found.score > 0.5, `${found.score}`);
});

Deno.test("unanswered finds what only fails", async () => {
  const [found] = await findingsAbout(
    rowsAt(times(60, 0.1, 0, DAY), {
      "id.resp_p": 4444,
      conn_state: "S0",
      history: "S",
      orig_bytes: 0,
      resp_bytes: 0,
    }),
  );
  assert.equal(found.detector, "unanswered");
  assert.ok(found.score > 0.5, `${found.score}`);
});

Deno.test("beacon finds what hides on the ports of time and of names", async () => {
  const hidden: Row[] = [
    { "id.resp_p": 123, proto: "udp", orig_bytes: 900, resp_bytes: 5000 },
    { "id.resp_p": 123, proto: "tcp" },
    { "id.resp_p": 53, proto: "tcp", orig_bytes: 900, resp_bytes: 5000 },
    { "id.resp_p": 853, proto: "tcp", orig_bytes: 900, resp_bytes: 5000 },
  ];
  for (const more of hidden) {
    const rows = rowsAt(times(300, 0.2, 0, 2 * DAY), more);
    const [found] = await findingsAbout(rows);
    assert.ok(
      found.score > 0.2,
      `${more.proto}/${more["id.resp_p"]}: ${found.score}`,
    );
  }
});

Deno.test("a certificate that bears another name than was asked for speaks for a finding, as Zeek says it", async () => {
  const conn = rowsAt(times(60, 0.2, 0, 7200));
  const { name, found } = await told({
    conn,
    ssl: conn.map((row) =>
      ofConn(row, {
        server_name: "static.front.example",
        established: "T",
        sni_matches_cert: "F",
      })
    ),
  });
  assert.equal(name, "static.front.example");
  const hidden = found.find(({ name }) => name === "hidden-name");
  assert.match(hidden?.text ?? "", /does not bear the name/);
});

Deno.test("echoes whose replies bring more are findings that call themselves ICMP; pings are not", async () => {
  const echoes = (resp_bytes: number) =>
    rowsAt(times(60, 0.1, 0, 7200), {
      proto: "icmp",
      "id.orig_p": 8,
      "id.resp_p": 0,
      orig_bytes: 84,
      resp_bytes,
      conn_state: "OTH",
    });
  const { severity, summary, found } = await told({ conn: echoes(180) });
  assert.equal(severity, "critical");
  assert.match(
    summary ?? "",
    /contacts 203\.0\.113\.7 by ICMP echo every 60\s/,
  );
  assert.ok(found.some(({ name }) => name === "echo"));
  const long = echoes(900_000).slice(0, 3).map((row) => ({
    ...row,
    duration: 7000,
    orig_bytes: 600_000,
  }));
  const { summary: tunnel } = await told({ conn: long });
  assert.match(tunnel ?? "", /stays connected to 203\.0\.113\.7 by ICMP echo/);
  assert.deepEqual((await told({ conn: echoes(84) })).found, []);
});

Deno.test("an http log alone makes nothing of TLS that no ssl log tells of", async () => {
  const tls = rowsAt(times(60, 0.05, 0, 7200));
  const requests = times(5, 0.3, 0, 7200).map((t, i) =>
    connRow(t, A, `198.51.100.${1 + i % 40}`, { "id.resp_p": 80 })
  );
  const http = requests.map((row) =>
    ofConn(row, { host: `www.site${row["id.resp_h"]}.example`, uri: "/" })
  );
  const { dst, severity, found } = await told({
    http,
    conn: [...tls, ...requests],
  });
  assert.equal(dst, B);
  assert.equal(severity, "medium", JSON.stringify(found));
  const said = found.map(({ name }) => name);
  assert.ok(!said.includes("port") && !said.includes("name"), said.join());
});

Deno.test("neighbours that alone use a port with each other stand out; a cache's client does not, nor one of several", async () => {
  const shell = (src: string, port: number) =>
    connRow(START, src, "10.0.0.9", {
      "id.resp_p": port,
      duration: 40_000,
      orig_bytes: 300_000,
      resp_bytes: 200_000,
    });
  const effectOf = async (...conn: Row[]) => {
    const { found } = await told({ conn });
    return found.find(({ name }) => name === "internal")?.effect;
  };
  assert.equal(await effectOf(shell(A, 4444)), -1.2);
  assert.equal(await effectOf(shell(A, 6379)), -2);
  assert.equal(await effectOf(shell(A, 4444), shell("10.0.0.6", 4444)), -2);
});

/** What is said of the first finding of a capture that holds nothing else. */
async function told(logs: Readonly<Record<string, readonly Row[]>>) {
  const flows = new Flows();
  for (const [type, rows] of Object.entries(logs)) {
    flows.add(batchOf(type, rows));
  }
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("test", detector.params, {});
    out.push(...await detector.detect(scene, values, {}));
  }
  const [first] = out.sort(compareFindings);
  return { ...first as Partial<Finding>, found: first?.reasons ?? [] };
}
