import type { RecordBatch } from "../record_batch.ts";
import { addHttp, addSsl } from "./application_logs.ts";
import { Applications } from "./applications.ts";
import { bytesOf, FAILED, isTurned } from "./conn_fields.ts";
import { FlowColumns } from "./flow_columns.ts";
import { Interner } from "./interner.ts";
import { Lookups } from "./lookups.ts";
import { hostName, isLiteral } from "./names.ts";

/** Bits of `Flows.flags`. */
export const FLOW = {
  /** Nobody answered. */
  failed: 1,
  /**
   * The sensor joined midway: the state is OTH (no SYN seen), or `history`
   * has neither SYN nor SYN-ACK.
   */
  midStream: 2,
  /** Still open when it was logged (`open_conn`). */
  open: 4,
  /** Known from http or ssl only, without a conn record. */
  connless: 8,
  /** Answered, but neither side sent data: no D or d in `history`. */
  empty: 16,
} as const;

/** What {@link Flows} reads: names first, so that a connection is told by them. */
export const FLOW_LOG_TYPES: readonly string[] = [
  "ssl",
  "open_ssl",
  "http",
  "open_http",
  "dns",
  "conn",
  "open_conn",
];

/**
 * All connections of a hunt as columns, joined by uid with what http and ssl
 * say of them. `add` the batches, names first (ssl, http, dns, then conn and
 * open_conn), then `finish`.
 */
export class Flows extends FlowColumns {
  readonly addresses = new Interner();
  readonly names = new Interner();
  readonly protos = new Interner();
  readonly sensors = new Interner();
  readonly ja3 = new Interner();
  readonly certificates = new Interner();
  readonly agents = new Interner();
  /** Host and SNI as they are written, with port and case. */
  readonly said = new Interner();
  readonly applications = new Applications();
  readonly lookups = new Lookups();

  /**
   * By code of the address: how much oftener `local_orig` and `local_resp`
   * call it local than not; a hole where they do not tell.
   */
  readonly local: number[] = [];
  /** Uids that two sensors have logged, by their codes "a b". */
  readonly sharedUids = new Map<string, number>();

  /** One value per HTTP request. */
  readonly requestTs: number[] = [];
  readonly requestApplication: number[] = [];

  /** Addresses that a DNS answer gave to some name. */
  readonly resolved = new Set<string>();
  /** Names that dns.log holds a query for. */
  readonly queried = new Set<string>();
  /** Addresses that answered a query in dns.log. */
  readonly resolvers = new Set<string>();
  /** Records that repeat a uid already read, by log type. */
  readonly repeated: Record<string, number> = {};
  /** Records read, by log type. */
  readonly records: Record<string, number> = {};
  /** Epoch seconds of the first and last record. */
  firstTs = Infinity;
  lastTs = -Infinity;
  /** Five-minute bins, floor(ts / 300), with a record in them. */
  readonly bins = new Set<number>();

  /**
   * Seconds from the first to the last record, hours without any record left
   * out: logs of another year in the same folder must not stretch it.
   */
  get span(): number {
    const hours = new Set(Array.from(this.bins, (bin) => Math.floor(bin / 12)));
    return Math.min(Math.max(0, this.lastTs - this.firstTs), 3600 * hours.size);
  }

  add(batch: RecordBatch): void {
    const path = batch.schema.path;
    this.records[path] = (this.records[path] ?? 0) + batch.length;
    this.#noteTimes(batch.numbers("ts"));
    if (path === "ssl" || path === "open_ssl") addSsl(this, batch);
    else if (path === "http" || path === "open_http") addHttp(this, batch);
    else if (path === "dns") this.#addDns(batch);
    else if (path === "conn") this.#addConn(batch, 0);
    else if (path === "open_conn") this.#addConn(batch, FLOW.open);
  }

  /** Connections that only http or ssl know become flows of their own. */
  finish(): this {
    const A = this.applications;
    const tcp = this.protos.code("tcp");
    for (let a = 0; a < A.length; a++) {
      if (A.claimed[a]) continue;
      this.ts.push(A.ts[a]);
      this.duration.push(NaN);
      this.up.push(A.requests[a] > 0 ? A.up[a] : NaN);
      this.down.push(A.requests[a] > 0 ? A.down[a] : NaN);
      this.src.push(A.src[a]);
      this.dst.push(A.dst[a]);
      this.origPort.push(A.origPort[a]);
      this.port.push(A.port[a]);
      this.proto.push(tcp);
      this.sensor.push(A.sensor[a]);
      this.flags.push(FLOW.connless);
      this.application.push(a);
      this.uid.push(A.uid[a]);
    }
    if (this.lookups.repeated > 0) this.repeated.dns = this.lookups.repeated;
    this.lookups.finish();
    this.uid.finish();
    this.applications.requestsSeen.clear();
    return this;
  }

  #noteTimes(ts: Float64Array): void {
    let last = NaN;
    for (let i = 0; i < ts.length; i++) {
      if (ts[i] < this.firstTs) this.firstTs = ts[i];
      if (ts[i] > this.lastTs) this.lastTs = ts[i];
      const bin = Math.floor(ts[i] / 300);
      if (bin !== last) this.bins.add(last = bin);
    }
  }

  #addDns(batch: RecordBatch): void {
    this.lookups.add(batch, this.addresses, this.sensors);
    for (const name of batch.texts("query").values) {
      if (name !== "") this.queried.add(hostName(name));
    }
    for (const server of batch.texts("id.resp_h").values) {
      if (server !== "") this.resolvers.add(server);
    }
    for (const answers of batch.texts("answers").values) {
      for (const answer of answers.split(",")) {
        if (isLiteral(answer)) this.resolved.add(answer);
      }
    }
  }

  #addConn(batch: RecordBatch, open: number): void {
    const A = this.applications;
    const ts = batch.numbers("ts"), duration = batch.numbers("duration");
    const srcColumn = batch.texts("id.orig_h");
    const src = this.addresses.codesOf(srcColumn);
    const dstColumn = batch.texts("id.resp_h");
    const dst = this.addresses.codesOf(dstColumn);
    const origPort = batch.numbers("id.orig_p");
    const port = batch.numbers("id.resp_p");
    const protoColumn = batch.texts("proto");
    const proto = this.protos.codesOf(protoColumn);
    const sensorColumn = batch.texts("_system_name");
    const sensor = this.sensors.codesOf(sensorColumn);
    const localSrc = batch.texts("local_orig");
    const localDst = batch.texts("local_resp");
    const srcVotes = localSrc.values.map(voteOf);
    const dstVotes = localDst.values.map(voteOf);
    const state = batch.texts("conn_state"), history = batch.texts("history");
    const failed = state.values.map((s) => FAILED.has(s));
    const begins = history.values.map((h) => /[SsHh]/.test(h));
    const other = state.values.map((s) => s === "OTH");
    const silent = history.values.map((h) => /[Hh]/.test(h) && !/[Dd]/.test(h));
    const up = bytesOf(batch, "orig_ip_bytes", "orig_bytes");
    const down = bytesOf(batch, "resp_ip_bytes", "resp_bytes");
    const uids = batch.texts("uid");
    const tcp = this.protos.code("tcp");
    for (let i = 0; i < batch.length; i++) {
      const uid = uids.values[uids.codes[i]];
      this.#vote(src[srcColumn.codes[i]], srcVotes[localSrc.codes[i]]);
      this.#vote(dst[dstColumn.codes[i]], dstVotes[localDst.codes[i]]);
      const f = this.#flowFor(
        uid,
        open,
        duration[i],
        sensor[sensorColumn.codes[i]],
      );
      if (f < 0) continue;
      const a = uid === "" ? undefined : A.index.get(uid);
      if (a !== undefined) A.claimed[a] = true;
      const kind = proto[protoColumn.codes[i]];
      const cut = kind === tcp &&
        (other[state.codes[i]] ||
          (history.codes[i] !== 0 && !begins[history.codes[i]]));
      this.ts.put(f, ts[i]);
      this.duration.put(f, duration[i]);
      const bodies = a !== undefined && A.requests[a] > 0;
      this.up.put(f, bodies && !(up[i] > 0) ? A.up[a] : up[i]);
      this.down.put(f, bodies && !(down[i] > 0) ? A.down[a] : down[i]);
      this.src.put(f, src[srcColumn.codes[i]]);
      this.dst.put(f, dst[dstColumn.codes[i]]);
      this.origPort.put(f, origPort[i]);
      this.port.put(f, port[i]);
      this.proto.put(f, kind);
      this.sensor.put(f, sensor[sensorColumn.codes[i]]);
      this.flags.put(
        f,
        open | (failed[state.codes[i]] ? FLOW.failed : 0) |
          (cut ? FLOW.midStream : 0) |
          (silent[history.codes[i]] ? FLOW.empty : 0),
      );
      this.application.put(f, a ?? -1);
      if (f === this.uid.length) this.uid.push(uid);
      if (cut && isTurned(origPort[i], port[i])) this.#turn(f);
    }
  }

  #vote(address: number, vote: number): void {
    if (vote !== 0) this.local[address] = (this.local[address] ?? 0) + vote;
  }

  #turn(f: number): void {
    for (
      const [a, b] of [
        [this.src, this.dst],
        [this.origPort, this.port],
        [this.up, this.down],
      ]
    ) {
      const first = a.at(f);
      a.set(f, b.at(f));
      b.set(f, first);
    }
  }

  /**
   * Where a record goes. One connection is one flow: an `open_conn` record
   * repeats a uid with running totals, so the longest is kept until the closed
   * record comes; a closed record that repeats a uid is not counted again (−1).
   */
  #flowFor(
    uid: string,
    open: number,
    duration: number,
    sensor: number,
  ): number {
    if (uid === "") return this.length;
    const known = this.uid.find(uid);
    if (known < 0) return this.length;
    if (this.sensor.at(known) !== sensor) {
      const both = [this.sensor.at(known), sensor].sort().join(" ");
      this.sharedUids.set(both, (this.sharedUids.get(both) ?? 0) + 1);
    }
    const wasOpen = (this.flags.at(known) & FLOW.open) !== 0;
    if (open && wasOpen) {
      return duration > (this.duration.at(known) || 0) ? known : -1;
    }
    if (open && !wasOpen) return -1;
    if (wasOpen) return known;
    this.repeated.conn = (this.repeated.conn ?? 0) + 1;
    return -1;
  }
}

function voteOf(isLocal: string): number {
  return isLocal === "T" ? 1 : isLocal === "F" ? -1 : 0;
}
