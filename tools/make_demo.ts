// Writes fixtures/demo: one working day of a small office that does not exist,
// in Zeek's own format, from a seed. Names and outside addresses are those
// kept for documentation (RFC 2606, RFC 5737, RFC 3849).
import { gzipSync } from "node:zlib";
import { RandomState } from "../pipeline/models/mod.ts";

const DAY = Date.UTC(2026, 4, 12) / 1000;
const random = new RandomState(20260512);
const HOSTS = Array.from({ length: 14 }, (_, i) => `10.20.0.${11 + i}`);
const RESOLVER = "10.20.0.2";

/** A record under Zeek's field names; what is left out is unset. */
type Row = Record<string, string | number>;
const conn: Row[] = [], http: Row[] = [], dns: Row[] = [], ssl: Row[] = [];

let serial = 0;
const uid = () =>
  "C" + (0x1000000 + serial++ * 7919).toString(36).padStart(16, "d3Mo");
const uniform = (low: number, high: number) => random.uniform(low, high, 1)[0];
const pick = <T>(list: readonly T[]) => list[random.randint(list.length)];
const lognormal = (median: number, sigma: number) =>
  median * Math.exp(sigma * (uniform(-1, 1) + uniform(-1, 1) + uniform(-1, 1)));

interface Flow {
  readonly ts: number;
  readonly src: string;
  readonly dst: string;
  readonly port: number;
  readonly proto?: "tcp" | "udp";
  readonly service?: string;
  readonly duration?: number;
  readonly up?: number;
  readonly down?: number;
  readonly state?: string;
}

function ends(flow: Flow, id: string): Row {
  return {
    ts: flow.ts,
    uid: id,
    "id.orig_h": flow.src,
    "id.orig_p": 49_152 + random.randint(16_000),
    "id.resp_h": flow.dst,
    "id.resp_p": flow.port,
  };
}

function addConn(flow: Flow): Row {
  const { proto = "tcp", state = "SF", up = 0, down = 0 } = flow;
  const packets = (bytes: number) => 3 + Math.ceil(bytes / 1400);
  const answered = state === "SF" || state === "S1";
  const row = ends(flow, uid());
  conn.push({
    ...row,
    proto,
    ...(flow.service ? { service: flow.service } : {}),
    ...(flow.duration === undefined ? {} : { duration: flow.duration }),
    ...(answered ? { orig_bytes: up, resp_bytes: down } : {}),
    conn_state: state,
    local_orig: "T",
    local_resp: flow.dst.startsWith("10.") ? "T" : "F",
    missed_bytes: 0,
    history: proto === "udp" ? "Dd" : answered ? "ShADadFf" : "S",
    orig_pkts: answered ? packets(up) : 1,
    orig_ip_bytes: answered ? up + 40 * packets(up) : 60,
    resp_pkts: answered ? packets(down) : 0,
    resp_ip_bytes: answered ? down + 40 * packets(down) : 0,
  });
  return row;
}

function lookUp(ts: number, src: string, name: string, answer: string): void {
  const row = addConn({
    ts,
    src,
    dst: RESOLVER,
    port: 53,
    proto: "udp",
    service: "dns",
    duration: uniform(0.001, 0.03),
    up: 20 + name.length,
    down: 60 + name.length,
  });
  dns.push({
    ...row,
    proto: "udp",
    trans_id: random.randint(65_536),
    query: name,
    qclass: 1,
    qclass_name: "C_INTERNET",
    qtype: 1,
    qtype_name: "A",
    rcode: 0,
    rcode_name: "NOERROR",
    AA: "F",
    TC: "F",
    RD: "T",
    RA: "T",
    Z: 0,
    answers: answer,
    TTLs: "300.000000",
    rejected: "F",
  });
}

function fetchTls(flow: Flow, name: string): void {
  const row = addConn({ ...flow, service: "ssl" });
  ssl.push({
    ...row,
    ts: flow.ts + 0.02,
    version: "TLSv13",
    cipher: "TLS_AES_128_GCM_SHA256",
    server_name: name,
    resumed: "F",
    next_protocol: "h2",
    established: "T",
    ja3: "e1d8b04eeb8ef3954ec4f49267a783ef",
  });
}

const SITES = Array.from({ length: 40 }, (_, i) => ({
  name: `${pick(["www", "app", "static", "api", "login"])}.${
    pick([
      "harbour",
      "tern",
      "kelp",
      "basalt",
      "gannet",
      "thrift",
      "eider",
      "marram",
    ])
  }${i}.example`,
  address: `198.51.100.${10 + i}`,
}));
const AGENT =
  "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/** People: bursts of pages between 8 and 18 o'clock. */
function browse(src: string): void {
  let ts = DAY + 3600 * uniform(8, 9);
  while (ts < DAY + 3600 * 18) {
    const site = pick(SITES);
    lookUp(ts - 0.05, src, site.name, site.address);
    for (let n = 1 + random.randint(6); n > 0; n--) {
      fetchTls({
        ts,
        src,
        dst: site.address,
        port: 443,
        duration: lognormal(4, 0.8),
        up: Math.round(lognormal(1200, 0.6)),
        down: Math.round(lognormal(30_000, 1.2)),
      }, site.name);
      ts += lognormal(1.2, 0.8);
    }
    if (random.randint(4) === 0) browsePlain(ts, src);
    ts += lognormal(150, 0.9);
  }
}

function browsePlain(ts: number, src: string): void {
  const host = "mirror.kelp.example", dst = "198.51.100.80";
  const row = addConn({
    ts,
    src,
    dst,
    port: 80,
    service: "http",
    duration: lognormal(0.4, 0.5),
    up: 420,
    down: 9_000,
  });
  http.push({
    ...row,
    ts: ts + 0.03,
    trans_depth: 1,
    method: "GET",
    host,
    uri: `/pool/p${random.randint(900)}.html`,
    referrer: `http://${host}/`,
    version: "1.1",
    user_agent: AGENT,
    request_body_len: 0,
    response_body_len: 8_600,
    status_code: 200,
    status_msg: "OK",
    resp_mime_types: "text/html",
  });
}

/** Machines: clocks, mail and updates, as every office has them. */
function housekeeping(src: string): void {
  for (let ts = DAY + uniform(0, 1024); ts < DAY + 86_400; ts += 1024) {
    addConn({
      ts,
      src,
      dst: "192.0.2.123",
      port: 123,
      proto: "udp",
      service: "ntp",
      duration: 0.02,
      up: 48,
      down: 48,
    });
  }
  for (
    let ts = DAY + uniform(0, 3600);
    ts < DAY + 86_400;
    ts += 3600 + uniform(-20, 20)
  ) {
    fetchTls({
      ts,
      src,
      dst: "192.0.2.50",
      port: 443,
      duration: 0.6,
      up: 900,
      down: 2_400,
    }, "updates.basalt.example");
  }
  for (
    let ts = DAY + 3600 * 7;
    ts < DAY + 3600 * 19;
    ts += lognormal(600, 0.3)
  ) {
    fetchTls({
      ts,
      src,
      dst: "10.20.0.5",
      port: 993,
      duration: 0.4,
      up: 700,
      down: 3_000,
    }, "mail.office.example");
  }
}

/** What there is to find: the first finding of the README's first command. */
function implant(): void {
  const src = "10.20.0.17",
    name = "cdn.lanternfish.example",
    dst = "203.0.113.44";
  lookUp(DAY + 5_000, src, name, dst);
  for (
    let ts = DAY + 5_000.2;
    ts < DAY + 86_400;
    ts += 300 * uniform(0.8, 1.2)
  ) {
    if (random.randint(20) === 0) continue;
    const row = addConn({
      ts,
      src,
      dst,
      port: 8443,
      service: "ssl",
      duration: uniform(0.3, 0.5),
      up: 612,
      down: 1_184,
    });
    ssl.push({
      ...row,
      ts: ts + 0.02,
      version: "TLSv12",
      cipher: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      server_name: name,
      resumed: "F",
      established: "T",
      ja3: "72a589da586844d7f0818ce684948eea",
      subject: "CN=cdn.lanternfish.example",
      issuer: "CN=cdn.lanternfish.example",
      validation_status: "self signed certificate",
    });
  }
}

/** A tunnel that stays open through the night, and a server that is gone. */
function oddities(): void {
  addConn({
    ts: DAY + 3600 * 1.2,
    src: "10.20.0.21",
    dst: "203.0.113.200",
    port: 4022,
    service: "ssh",
    duration: 3600 * 9.5,
    up: 4_200_000,
    down: 61_000_000,
  });
  for (
    let ts = DAY + 3600 * 9;
    ts < DAY + 3600 * 16;
    ts += 60 + uniform(-1, 1)
  ) {
    addConn({
      ts,
      src: "10.20.0.14",
      dst: "203.0.113.99",
      port: 7070,
      state: "S0",
    });
  }
}

const FIELDS: Record<string, string> = {
  conn:
    "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port proto:enum service:string duration:interval orig_bytes:count resp_bytes:count conn_state:string local_orig:bool local_resp:bool missed_bytes:count history:string orig_pkts:count orig_ip_bytes:count resp_pkts:count resp_ip_bytes:count tunnel_parents:set[string]",
  http:
    "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port trans_depth:count method:string host:string uri:string referrer:string version:string user_agent:string origin:string request_body_len:count response_body_len:count status_code:count status_msg:string info_code:count info_msg:string tags:set[enum] username:string password:string proxied:set[string] orig_fuids:vector[string] orig_filenames:vector[string] orig_mime_types:vector[string] resp_fuids:vector[string] resp_filenames:vector[string] resp_mime_types:vector[string]",
  dns:
    "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port proto:enum trans_id:count rtt:interval query:string qclass:count qclass_name:string qtype:count qtype_name:string rcode:count rcode_name:string AA:bool TC:bool RD:bool RA:bool Z:count answers:vector[string] TTLs:vector[interval] rejected:bool",
  ssl:
    "ts:time uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port version:string cipher:string curve:string server_name:string resumed:bool last_alert:string next_protocol:string established:bool ssl_history:string cert_chain_fps:vector[string] client_cert_chain_fps:vector[string] subject:string issuer:string validation_status:string ja3:string",
};

function tsv(path: string, rows: Row[]): string {
  const fields = FIELDS[path].split(" ").map((field) =>
    field.split(/:(?=\w+(?:\[\w+\])?$)/)
  );
  const line = (row: Row) =>
    fields.map(([name, type]) => cell(row[name], type)).join("\t");
  rows.sort((a, b) => Number(a.ts) - Number(b.ts));
  return [
    "#separator \\x09",
    "#set_separator\t,",
    "#empty_field\t(empty)",
    "#unset_field\t-",
    `#path\t${path}`,
    "#open\t2026-05-12-00-00-00",
    `#fields\t${fields.map(([name]) => name).join("\t")}`,
    `#types\t${fields.map(([, type]) => type).join("\t")}`,
    ...rows.map(line),
    "#close\t2026-05-13-00-00-00",
    "",
  ].join("\n");
}

function cell(value: string | number | undefined, type: string): string {
  if (value === undefined) return "-";
  return type === "time" || type === "interval"
    ? Number(value).toFixed(6)
    : String(value);
}

for (const host of HOSTS) {
  browse(host);
  housekeeping(host);
}
implant();
oddities();
const folder = new URL("../fixtures/demo/", import.meta.url);
await Deno.mkdir(folder, { recursive: true });
for (const [path, rows] of Object.entries({ conn, http, dns, ssl })) {
  const bytes = gzipSync(tsv(path, rows), { level: 9 });
  await Deno.writeFile(new URL(`${path}.log.gz`, folder), bytes);
  console.log(`${path}.log.gz  ${rows.length} records, ${bytes.length} bytes`);
}
