import assert from "node:assert/strict";
import {
  DETECTORS,
  nestedByKey,
  withRelated,
} from "../../pipeline/detectors/mod.ts";
import { FLOW_LOG_TYPES, Flows } from "../../pipeline/features/flows.ts";
import { compareFindings, type Finding } from "../../pipeline/finding.ts";
import { checkParams } from "../../pipeline/options.ts";
import { sceneOf } from "../../pipeline/scene.ts";
import type { Row } from "../_batches.ts";
import {
  addressOf,
  beats,
  between,
  type Hours,
  madeUp,
  oneOf,
  Sensor,
  type Uniform,
  visits,
} from "../bench/office.ts";
import { seeded } from "../bench/synthetic.ts";

/** An hour of one host, long ago: nothing here depends on the century. */
const FROM = 1_000_000_000, HOUR: Hours = [[FROM, FROM + 3600]];
const HOST = "192.168.1.10", DEVICE = "192.168.1.78", C2 = "45.9.20.7";

interface Capture {
  readonly sensor: Sensor;
  readonly u: Uniform;
}

const UDP: Row = { proto: "udp", history: "Dd", duration: 0.02 };

/** Browsing, and what repeats by itself on any host. */
function neighbours({ sensor, u }: Capture): void {
  const sites = Array.from({ length: 25 }, () => ({
    name: `www.${madeUp(u)}`,
    certificate: u() < 0.4,
    ja3: "browser",
  }));
  for (const t of visits(u, HOUR, 40)) sensor.tls(t, HOST, oneOf(u, sites));
  const clock = addressOf("pool.ntp.org");
  sensor.lookUp(FROM, HOST, "pool.ntp.org", clock);
  for (const t of beats(u, HOUR, 64, 0.01)) {
    const more = { "id.resp_p": 123, orig_bytes: 48, resp_bytes: 48 };
    sensor.connect(t, HOST, clock, { ...UDP, ...more });
  }
  for (const t of beats(u, HOUR, 25, 0.02)) {
    const stun = { "id.resp_p": 3478, orig_bytes: 20, resp_bytes: 60 };
    sensor.connect(t, HOST, addressOf("stun"), { ...UDP, ...stun });
    const alive = { "id.resp_p": 32_100, orig_bytes: 32, resp_bytes: 20 };
    sensor.connect(t, DEVICE, addressOf("camera"), { ...UDP, ...alive });
  }
  for (const t of beats(u, HOUR, 60, 0.02)) {
    sensor.tls(t, HOST, { name: "sensor.acme-edr.example", ja3: "edr" });
    sensor.tls(t, HOST, { name: "live.scores.example", ja3: "browser" });
    sensor.connect(t, HOST, "239.255.255.250", {
      ...UDP,
      "id.resp_p": 1900,
      conn_state: "S0",
      history: "D",
    });
  }
  sensor.tls(FROM + 9, HOST, {
    name: "imap.mail.example",
    port: 993,
    certificate: true,
    lasts: 2500,
  });
  sensor.tls(FROM + 5, HOST, {
    name: "mtalk.google.com",
    port: 5228,
    lasts: 3400,
    up: 4000,
    down: 5000,
  });
}

const hex = (u: Uniform, n: number) =>
  Array.from({ length: n }, () => Math.floor(16 * u()).toString(16)).join("");

/** TLS to an address, with what its ssl record says. */
function tls({ sensor, u }: Capture, t: number, conn: Row, ssl: Row): void {
  const row = sensor.connect(t, HOST, C2, {
    orig_bytes: 700 + Math.round(20 * u()),
    resp_bytes: 600,
    ...conn,
  });
  sensor.tell("ssl", row, { established: "T", ja3: "implant", ...ssl });
}

function request({ sensor }: Capture, t: number, conn: Row, http: Row): void {
  const row = sensor.connect(t, HOST, C2, {
    "id.resp_p": 80,
    orig_bytes: 400,
    resp_bytes: 300,
    ...conn,
  });
  const agent = "Mozilla/5.0 (Windows NT 6.1; Trident/7.0; rv:11.0) like Gecko";
  const more = { trans_depth: 1, method: "GET", uri: "/", user_agent: agent };
  sensor.tell("http", row, { ...more, ...http });
}

function ask({ sensor }: Capture, t: number, query: string, more: Row): void {
  const row = sensor.connect(t, HOST, sensor.resolver, {
    ...UDP,
    "id.resp_p": 53,
    orig_bytes: 40 + query.length,
    resp_bytes: 120,
  });
  sensor.tell("dns", row, { query, rcode_name: "NOERROR", ...more });
}

/** A check-in every so many seconds. */
const every = (
  period: number,
  jitter: number,
  checkIn: (capture: Capture, t: number) => void,
) =>
(capture: Capture) => {
  for (const t of beats(capture.u, HOUR, period, jitter)) checkIn(capture, t);
};

const open = (port: number, more: Row = {}) => ({ sensor }: Capture) => {
  sensor.connect(FROM + 300, HOST, C2, {
    "id.resp_p": port,
    duration: 3000,
    orig_bytes: 30_000,
    resp_bytes: 20_000,
    ...more,
  });
};

/** How real implants call home, by what they leave in Zeek's logs. */
const IMPLANTS: Readonly<Record<string, (capture: Capture) => void>> = {
  "HTTP to an address every minute": every(
    60,
    0.1,
    (c, t) => request(c, t, {}, { host: C2, uri: "/pixel.gif" }),
  ),
  "POST every ten seconds": every(
    10,
    0.23,
    (c, t) => request(c, t, {}, { host: "up.example", method: "POST" }),
  ),
  "a front whose certificate bears another name": every(
    60,
    0.2,
    (c, t) =>
      tls(c, t, {}, { server_name: "cdn.example", sni_matches_cert: "F" }),
  ),
  "TLS with its own certificate and no name": every(
    30,
    0.3,
    (c, t) => tls(c, t, {}, { subject: "CN=a", issuer: "CN=a" }),
  ),
  "TLS on port 449": every(
    180,
    0.2,
    (c, t) =>
      tls(c, t, { "id.resp_p": 449 }, { subject: "O=X", issuer: "O=X" }),
  ),
  "a reverse shell": open(4444),
  "an IRC channel": open(6667, { orig_bytes: 5000, resp_bytes: 9000 }),
  "reconnects to an odd port": every(
    200,
    0.5,
    ({ sensor, u }, t) =>
      sensor.connect(t, HOST, C2, {
        "id.resp_p": 5552,
        duration: between(u, 20, 180),
        orig_bytes: 600,
        resp_bytes: 100,
      }),
  ),
  "a server that is gone": every(
    30,
    0.05,
    ({ sensor }, t) =>
      sensor.connect(t, HOST, C2, {
        "id.resp_p": 4782,
        conn_state: "REJ",
        history: "Sr",
        orig_bytes: 0,
        resp_bytes: 0,
      }),
  ),
  "QUIC": every(30, 0.2, ({ sensor }, t) =>
    sensor.connect(t, HOST, C2, {
      ...UDP,
      orig_bytes: 3000,
      resp_bytes: 4000,
    })),
  "small datagrams, from a desk": every(
    60,
    0.2,
    ({ sensor }, t) =>
      sensor.connect(t, HOST, C2, {
        ...UDP,
        "id.resp_p": 8081,
        orig_bytes: 60,
        resp_bytes: 60,
      }),
  ),
  "echoes with answers": every(
    60,
    0.1,
    ({ sensor }, t) =>
      sensor.connect(t, HOST, C2, {
        proto: "icmp",
        "id.orig_p": 8,
        "id.resp_p": 0,
        orig_bytes: 84,
        resp_bytes: 180,
        conn_state: "OTH",
      }),
  ),
  "a tunnel of TXT records": every(
    2,
    0.1,
    (c, t) =>
      ask(c, t, `${hex(c.u, 34)}.cat.example`, {
        qtype_name: "TXT",
        answers: hex(c.u, 34),
      }),
  ),
  "look-ups of short new names": every(
    60,
    0.2,
    (c, t) =>
      ask(c, t, `4fe${hex(c.u, 5)}.a.example`, {
        qtype_name: "A",
        answers: "0.0.0.0",
      }),
  ),
  "one TXT record every minute": every(
    60,
    0.1,
    (c, t) =>
      ask(c, t, "stage.txt.example", {
        qtype_name: "TXT",
        answers: hex(c.u, 24),
      }),
  ),
};

async function findingsIn({ sensor }: Capture): Promise<Finding[]> {
  const flows = new Flows(), records = sensor.finish();
  for (const type of FLOW_LOG_TYPES) {
    for (const batch of records.get(type) ?? []) flows.add(batch);
  }
  const { scene } = await sceneOf(flows.finish());
  const out: Finding[] = [];
  for (const detector of DETECTORS) {
    const values = checkParams("test", detector.params, {});
    out.push(...await detector.detect(scene, values, {}));
  }
  return nestedByKey(withRelated(out, scene.without)).sort(compareFindings);
}

function capture(seed: number, logs: readonly string[]): Capture {
  const u = seeded(seed), sensor = new Sensor(u, "192.168.1.1", new Set(logs));
  neighbours({ sensor, u });
  return { sensor, u };
}

const isAlarm = ({ severity }: Finding) =>
  severity === "critical" || severity === "high";

const ALL = ["ssl", "http", "dns"];

for (const [what, put] of Object.entries(IMPLANTS)) {
  Deno.test(`one host and an hour: ${what} comes in the first three, and no neighbour is high`, async () => {
    for (const seed of [1, 2]) {
      const own = capture(seed, ALL), before = own.sensor.mark();
      put(own);
      const uids = own.sensor.uidsSince(before);
      const isOwn = (f: Finding) => f.uids.some((uid) => uids.has(uid));
      const findings = await findingsIn(own), at = findings.findIndex(isOwn);
      assert.ok(at >= 0 && at < 3, `rank ${at + 1} with seed ${seed}`);
      const alarms = findings.filter((f) => isAlarm(f) && !isOwn(f));
      assert.deepEqual(alarms.map(({ summary }) => summary), []);
    }
  });
}

for (const logs of [ALL, ["ssl", "http"], ["http"], ["ssl"], ["dns"], []]) {
  Deno.test(`what is benign in an hour is not high with conn and ${logs.join(", ") || "nothing else"}`, async () => {
    for (const seed of [1, 2, 3]) {
      const alarms = (await findingsIn(capture(seed, logs))).filter(isAlarm);
      assert.deepEqual(alarms.map(({ summary }) => summary), []);
    }
  });
}
