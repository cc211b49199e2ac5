import type { LineSink } from "./block_scanner.ts";
import type { RecordStreams } from "./record_streams.ts";
import { utf8Text } from "./text_cache.ts";
import { numberOf, numberProblem, textProblem, timeOf } from "./values.ts";

/** Where a field of conn may stand, by the column's name in small letters. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  // nfdump -o csv of 1.6 and 1.7; Argus' ra, as in CTU-13's binetflow.
  ts: ["ts", "firstseen", "first", "starttime", "stime"],
  "id.orig_h": ["sa", "srcaddr", "src4addr", "saddr"],
  "id.orig_p": ["sp", "srcport", "sport"],
  "id.resp_h": ["da", "dstaddr", "dst4addr", "daddr"],
  "id.resp_p": ["dp", "dstport", "dport"],
  proto: ["pr", "proto"],
  duration: ["td", "duration", "dur"],
  orig_ip_bytes: ["ibyt", "bytes", "srcbytes", "sbytes"],
  resp_ip_bytes: ["obyt", "outbytes", "dstbytes", "dbytes"],
  orig_pkts: ["ipkt", "packets", "srcpkts", "spkts"],
  resp_pkts: ["opkt", "outpackets", "dstpkts", "dpkts"],
  label: ["label"],
};

/** Without these a table is none of flows. */
const NEEDED = ["ts", "id.orig_h", "id.orig_p", "id.resp_h", "id.resp_p"];

type Place = readonly [field: string, column: number];

/** Where a header of flows has conn's fields; null where it is none. */
export function flowColumns(header: string): readonly Place[] | null {
  const names = header.split(",").map((name) => name.trim().toLowerCase());
  const places = Object.entries(COLUMNS).map(([field, spelled]): Place => [
    field,
    names.findIndex((name) => spelled.includes(name)),
  ]).filter(([, column]) => column >= 0);
  const found = new Set(places.map(([field]) => field));
  return NEEDED.every((field) => found.has(field)) ? places : null;
}

/**
 * Flows as nfdump (`-o csv`) and Argus (`ra -c ,`) print them, as conn records:
 * one per flow, so that an answer that was exported apart is one of its own.
 * Times without a zone are taken as UTC. Bytes are those of whole packets.
 */
export class FlowCsvReader implements LineSink {
  readonly #streams: RecordStreams;
  #places: readonly Place[] | null = null;
  /** Within nfdump's totals, which follow the flows. */
  #over = false;

  constructor(streams: RecordStreams) {
    this.#streams = streams;
  }

  onLine(bytes: Uint8Array, from: number, to: number, line: number): void {
    const text = utf8Text(bytes, from, to);
    if (text.trim() === "" || text.startsWith("#")) return;
    if (text.trim() === "Summary") this.#over = true;
    const places = flowColumns(text);
    if (places) {
      this.#places = places;
      this.#over = false;
    }
    if (places || this.#over) return;
    this.#streams.lines++;
    this.#onFlow(text, line);
  }

  onLongLine(head: Uint8Array, line: number): void {
    this.#streams.lines++;
    this.#skip(line, "", utf8Text(head), "the line is longer than 1 MiB");
  }

  #onFlow(text: string, line: number): void {
    const stream = this.#streams.of("conn");
    if (!stream) return this.#streams.countOther("conn");
    const cells = text.split(",");
    if (!this.#places) return this.#skip(line, "", text, "no header yet");
    let ts = NaN;
    for (const [field, column] of this.#places) {
      const cell = cells[column]?.trim();
      if (cell === undefined) {
        return this.#skip(line, "", text, "wrong number of fields");
      }
      const f = stream.schema.fields.findIndex(({ name }) => name === field);
      if (f < 0) continue;
      const { type } = stream.schema.fields[f];
      const value = valueOf(field, cell);
      if (value === undefined) {
        if (!stream.required.has(field)) continue;
        return this.#skip(line, field, cell, "is unset");
      }
      const problem = typeof value === "number"
        ? numberProblem(type, value)
        : textProblem(type, value);
      if (problem) {
        if (stream.unfit(line, field, cell, problem)) continue;
        return;
      }
      if (typeof value === "number") stream.builder.setNumber(f, value);
      else stream.builder.setText(f, value);
      if (field === "ts") ts = value as number;
    }
    stream.keep(ts, line);
  }

  #skip(line: number, field: string, value: string, reason: string): void {
    const stream = this.#streams.of("conn");
    stream?.builder.dropRow();
    this.#streams.tally("conn").skip({ line, field, value, reason });
  }
}

/** The value of a cell; undefined where it is empty. */
function valueOf(field: string, cell: string): string | number | undefined {
  switch (field) {
    case "ts":
      return cell === ""
        ? undefined
        : timeOf(cell.replace(/^(\d{4})\/(\d\d)\/(\d\d) /, "$1-$2-$3 "));
    case "id.orig_p":
    case "id.resp_p":
      // Protocols without ports; ICMP's type and code as Argus has them.
      return cell === "" ? 0 : /^0x[0-9a-f]{1,4}$/i.test(cell)
        ? Number(cell)
        // nfdump has ICMP's as type.code.
        : Math.trunc(numberOf(cell));
    case "proto":
      return cell === "" ? undefined : cell.toLowerCase();
    case "id.orig_h":
    case "id.resp_h":
    case "label":
      return cell === "" ? undefined : cell;
    default:
      return cell === "" ? undefined : numberOf(cell);
  }
}
