import assert from "node:assert/strict";
import { c2OverDns } from "../../pipeline/detectors/c2_over_dns.ts";
import { LOOKUP_CLASSES } from "../../pipeline/detectors/dns_classes.ts";
import { Flows } from "../../pipeline/features/flows.ts";
import type { Finding } from "../../pipeline/finding.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import { batchOf, connRow, type Row } from "../_batches.ts";

const DAY = 1.7e9;
const RESOLVER = "10.0.0.53";

const random = new RandomState(11);
const text = (length: number, alphabet = "0123456789abcdef") =>
  Array.from(
    { length },
    () => alphabet[random.randint(alphabet.length)],
  ).join("");

let serial = 0;

function lookup(
  ts: number,
  src: string,
  query: string,
  more: Row = {},
): Row {
  return {
    ts,
    uid: `D${++serial}`,
    "id.orig_h": src,
    "id.orig_p": 50_000 + serial % 10_000,
    "id.resp_h": RESOLVER,
    "id.resp_p": 53,
    proto: "udp",
    query,
    qtype_name: "A",
    rcode_name: "NOERROR",
    ...more,
  };
}

/** `n` look-ups `period` seconds apart, give or take a tenth. */
function series(
  n: number,
  period: number,
  row: (ts: number, i: number) => Row,
): Row[] {
  let ts = DAY;
  return Array.from({ length: n }, (_, i) => {
    ts += period * (0.9 + 0.2 * random.uniform(0, 1, 1)[0]);
    return row(ts, i);
  });
}

async function found(dns: Row[], conn: Row[] = []): Promise<Finding[]> {
  const flows = new Flows();
  flows.add(batchOf("dns", dns));
  if (conn.length > 0) flows.add(batchOf("conn", conn));
  const { scene } = await sceneOf(flows.finish());
  const values = checkParams("detect", c2OverDns.params, { minScore: 0 });
  return c2OverDns.detect(scene, values, {});
}

const scoreOf = async (dns: Row[], conn: Row[] = []) => {
  const [finding] = await found(dns, conn);
  return finding?.score ?? 0;
};

Deno.test("c2OverDns finds a tunnel of NULL records and names it by its domain", async () => {
  const [finding] = await found(
    series(
      400,
      0.5,
      (ts) =>
        lookup(ts, "10.0.0.5", `${text(50)}.t.lamprey.example`, {
          qtype_name: "NULL",
          answers: text(180),
        }),
    ),
  );
  assert.equal(finding.severity, "critical");
  assert.equal(finding.name, "lamprey.example");
  assert.deepEqual(
    [finding.dst, finding.port, finding.nameSource, finding.count],
    [RESOLVER, 53, "dns", 400],
  );
  assert.ok(Number(finding.evidence.bytesCarried) > 9000);
  assert.deepEqual(finding.evidence.queryTypes, ["NULL 400"]);
  const logit = finding.reasons.reduce((sum, { effect }) => sum + effect, 0);
  assert.ok(Math.abs(finding.score - 1 / (1 + Math.exp(-logit))) < 1e-9);
});

Deno.test("c2OverDns sees slow theft in address look-ups, whatever the case of the letters", async () => {
  const rows = series(150, 300, (ts) => {
    const name = `${text(48)}.lamprey.example`;
    return lookup(
      ts,
      "10.0.0.5",
      [...name].map((c) => random.randint(2) ? c.toUpperCase() : c).join(""),
      { answers: "203.0.113.9" },
    );
  });
  const [finding] = await found(rows);
  assert.ok(finding.score >= 0.4, finding.summary);
  assert.equal(finding.evidence.names, 150);
});

Deno.test("c2OverDns finds an hour of short names that lead nowhere, where other domains are asked seldom", async () => {
  const beacon = series(
    60,
    60,
    (ts) =>
      lookup(ts, "10.0.0.5", `4fe${text(5)}.lamprey.example`, {
        answers: "0.0.0.0",
      }),
  );
  const sites = Array.from({ length: 40 }, (_, i) => ({
    dns: lookup(DAY + 80 * i, "10.0.0.5", `www.${text(8)}.example`, {
      answers: `198.51.100.${1 + i}`,
    }),
    conn: connRow(DAY + 80 * i + 0.1, "10.0.0.5", `198.51.100.${1 + i}`),
  }));
  const [finding] = await found(
    [...beacon, ...sites.map(({ dns }) => dns)],
    sites.map(({ conn }) => conn),
  );
  assert.equal(finding.name, "lamprey.example");
  assert.ok(finding.score >= 0.6, `${finding.score}`);
  assert.ok(await scoreOf(beacon) < 0.4, "nobody can be seen to go anywhere");
});

Deno.test("c2OverDns counts a name that resolvers ask in mixed case once", async () => {
  const rows = series(
    60,
    60,
    (ts, i) =>
      lookup(ts, "10.0.0.5", i % 2 ? "WwW.eXample.org" : "www.example.org", {
        answers: "203.0.113.9",
      }),
  );
  assert.equal((await found(rows))[0].evidence.names, 1);
});

Deno.test("c2OverDns holds a rhythm for one only where nobody goes where the answer points", async () => {
  const rows = series(
    300,
    60,
    (ts, i) =>
      lookup(ts, "10.0.0.5", `${(i * 7919).toString(16)}.cs.lamprey.example`, {
        answers: "203.0.113.9",
      }),
  );
  const elsewhere = series(
    50,
    400,
    (ts) =>
      lookup(ts, "10.0.0.6", "www.example.org", { answers: "203.0.113.80" }),
  );
  const visit = (dst: string) => [connRow(DAY + 5, "10.0.0.6", dst)];
  const idle = (await found([...rows, ...elsewhere], visit("203.0.113.80")))
    .find(({ name }) => name === "lamprey.example")!;
  const used = (await found([...rows, ...elsewhere], visit("203.0.113.9")))
    .find(({ name }) => name === "lamprey.example")!;
  assert.ok(idle.score >= 0.4, idle.summary);
  assert.ok(used.score < 0.1, used.summary);
});

Deno.test("c2OverDns leaves neighbours, local names and few look-ups alone", async () => {
  const rows = [
    ...series(
      200,
      1,
      (ts) =>
        lookup(ts, "10.0.0.5", `${text(40)}.printer.local`, {
          "id.resp_p": 5353,
        }),
    ),
    ...series(200, 1, (ts) => lookup(ts, "10.0.0.5", `${text(30)}.lan`)),
    ...series(
      200,
      1,
      (ts, i) =>
        lookup(ts, "10.0.0.5", `${i}.2.0.192.in-addr.arpa`, {
          qtype_name: "PTR",
        }),
    ),
    ...series(15, 1, (ts) => lookup(ts, "10.0.0.5", `${text(40)}.few.example`)),
  ];
  assert.deepEqual(await found(rows), []);
});

Deno.test("c2OverDns gives a reader's day no score", async () => {
  const dns: Row[] = [], conn: Row[] = [];
  for (let i = 0; i < 2000; i++) {
    const site = random.randint(40), ts = DAY + 40 * i;
    const src = `10.0.0.${1 + random.randint(10)}`;
    const host = ["www", "cdn", "api", "static", "img"][random.randint(5)];
    dns.push(
      lookup(ts, src, `${host}.site${site}.example`, {
        answers: `198.51.100.${site}`,
      }),
    );
    conn.push(connRow(ts + 0.1, src, `198.51.100.${site}`));
  }
  for (const { score, summary } of await found(dns, conn)) {
    assert.ok(score < 0.1, summary);
  }
});

/** One look-up of each class, and of what only bears its name. */
const KINDS: Readonly<
  Record<
    string,
    {
      benign(ts: number, i: number): Row;
      impostor(ts: number, i: number): Row;
      conn?: Row[];
    }
  >
> = {
  "DNS blocklist": {
    benign: (ts, i) =>
      lookup(ts, "10.0.0.25", `${i % 200}.${i % 97}.51.198.zen.spamhaus.org`, {
        rcode_name: "NXDOMAIN",
      }),
    impostor: (ts) =>
      lookup(ts, "10.0.0.25", `${text(60)}.${text(60)}.zen.spamhaus.org`, {
        qtype_name: "TXT",
        answers: text(200),
      }),
  },
  "endpoint protection": {
    benign: (ts) =>
      lookup(ts, "10.0.0.5", `${text(32)}.sbl.e5.sk`, {
        answers: "127.0.0.4",
      }),
    impostor: (ts) =>
      lookup(ts, "10.0.0.5", `${text(60)}.${text(60)}.sbl.e5.sk`, {
        qtype_name: "TXT",
        answers: text(200),
      }),
  },
  CDN: {
    benign: (ts) =>
      lookup(ts, "10.0.0.5", `d${text(13)}.cloudfront.net`, {
        answers: "198.51.100.44",
      }),
    impostor: (ts) =>
      lookup(ts, "10.0.0.5", `${text(60)}.${text(60)}.cloudfront.net`, {
        qtype_name: "CNAME",
        answers: text(120),
      }),
    conn: [connRow(DAY, "10.0.0.5", "198.51.100.44")],
  },
};

for (const { name, cap } of LOOKUP_CLASSES) {
  Deno.test(`look-ups of ${name} are known, and their impostor still ranks`, async () => {
    const { benign, impostor, conn } = KINDS[name];
    const known = await scoreOf(series(2000, 20, benign), conn);
    assert.equal(cap, "low");
    assert.ok(known < 0.4, `${name} scores ${known}`);
    const false_ = await scoreOf(series(2000, 20, impostor), conn);
    assert.ok(false_ >= 0.6, `the impostor of ${name} scores ${false_}`);
  });
}

/** A tunnel of TXT records, as one tap logs it. */
const tunnel = (more: (i: number) => Row) => {
  const names = Array.from({ length: 200 }, () => text(40));
  return (uid: string) =>
    names.map((name, i) =>
      lookup(DAY + 2 * i, "10.0.0.5", `${name}.lamprey.example`, {
        uid: `${uid}${i}`,
        "id.orig_p": 40_000 + i,
        qtype_name: "TXT",
        ...more(i),
      })
    );
};

Deno.test("c2OverDns counts a look-up that two taps log once, and a retry too", async () => {
  const by = tunnel(() => ({}));
  const [once] = await found(by("A"));
  const second = by("B").map((row) => ({
    ...row,
    ts: Number(row.ts) + 0.01,
    answers: text(100),
  }));
  const [twice] = await found([...by("A"), ...second]);
  assert.deepEqual([once.count, twice.count], [200, 200]);
  assert.equal(twice.evidence.names, 200);
  assert.ok(Number(twice.evidence.answerBytes) > 0, "what one tap saw is kept");
  const later = by("C").map((row) => ({ ...row, ts: Number(row.ts) + 3 }));
  const [apart] = await found([...by("A"), ...later]);
  assert.equal(apart.count, 400, "asked anew");
});

Deno.test("c2OverDns names the sensor that saw the look-ups, and keeps sites apart", async () => {
  const north = tunnel(() => ({ _system_name: "north" }))("N");
  const south = tunnel(() => ({ _system_name: "south" }))("S");
  const conn = [...north, ...south].map(({ ts, uid, _system_name }) =>
    connRow(Number(ts), "10.0.0.5", RESOLVER, {
      ...{ uid, _system_name, proto: "udp", "id.resp_p": 53 },
    })
  );
  const findings = await found([...north, ...south], conn);
  assert.deepEqual(
    findings.map(({ sensor, count }) => [sensor, count]).sort(),
    [
      ["north", 200],
      ["south", 200],
    ],
  );
});

Deno.test("c2OverDns sees a tunnel in a reverse zone, and takes no reverse look-ups for one", async () => {
  const reverse = await found(
    series(
      400,
      1,
      (ts, i) =>
        lookup(ts, "10.0.0.5", `${i % 250}.${i % 7}.2.192.in-addr.arpa`, {
          qtype_name: "PTR",
        }),
    ),
  );
  assert.deepEqual(reverse, []);
  const v6 = [...text(32)].join(".");
  const others = [`${v6}.ip6.arpa`, "b._dns-sd._udp.0.0.168.192.in-addr.arpa"]
    .concat(
      "ipv4only.arpa",
      "printer.home.arpa",
      "5.0-25.2.0.192.in-addr.arpa",
    );
  const benign = await found(
    series(
      400,
      1,
      (ts, i) => lookup(ts, "10.0.0.5", others[i % others.length]),
    ),
  );
  assert.deepEqual(benign, []);
  const [finding] = await found(
    series(
      400,
      1,
      (ts) =>
        lookup(ts, "10.0.0.5", `${text(50)}.8.b.d.0.1.0.0.2.ip6.arpa`, {
          qtype_name: "TXT",
          answers: text(150),
        }),
    ),
  );
  assert.equal(finding.name, "8.b.d.0.1.0.0.2.ip6.arpa");
  assert.equal(finding.severity, "critical");
});
