import { elementsOf } from "../field_json.ts";
import type { RecordBatch } from "../record_batch.ts";
import { Interner } from "./interner.ts";
import { hostName, isLiteral } from "./names.ts";

/** Ports of dns.log at which hosts ask their neighbours: NetBIOS, mDNS, LLMNR. */
const NEIGHBOURS = new Set([137, 138, 5353, 5355]);

/** What is asked of whom, as codes. */
interface Question {
  readonly ts: number;
  readonly src: number;
  readonly server: number;
  readonly query: number;
  readonly type: number;
}

/** Seconds within which two records may tell of one look-up. */
const WITHIN = 2;

/** All look-ups of a hunt as columns, one value per question that dns.log tells of. */
export class Lookups {
  /** Names as they are compared: resolvers mix the case of what they ask. */
  readonly queries = new Interner();
  /** "A", "TXT", "NULL", … */
  readonly types = new Interner();
  /** Addresses that were answered. */
  readonly answers = new Interner();

  /** Epoch seconds. */
  readonly ts: number[] = [];
  /** Codes in `Flows.addresses`. */
  readonly src: number[] = [];
  readonly server: number[] = [];
  readonly port: number[] = [];
  /** Codes in `queries` and `types`; −1 for an unset type. */
  readonly query: number[] = [];
  readonly type: number[] = [];
  /** Code in `answers` of the first address that was answered, or −1. */
  readonly answer: number[] = [];
  /** Bytes of all answers that are no addresses. */
  readonly text: number[] = [];
  /** 1 where the server said that there is no such name. */
  readonly refused: number[] = [];
  readonly uid: string[] = [];
  /** Code in `Flows.sensors`, or −1. */
  readonly sensor: number[] = [];
  /** Rows by what tells one query from another; see {@link #repeats}. */
  readonly #seen = new Map<number, number>();
  #repeated = 0;

  /** Records that tell of a look-up once more: a second tap's, or a retry. */
  get repeated(): number {
    return this.#repeated;
  }

  get length(): number {
    return this.ts.length;
  }

  /** @param addresses where hosts get their codes; sensors, where these do. */
  add(batch: RecordBatch, addresses: Interner, sensors: Interner): void {
    const ts = batch.numbers("ts"), port = batch.numbers("id.resp_p");
    const srcColumn = batch.texts("id.orig_h");
    const src = addresses.codesOf(srcColumn);
    const serverColumn = batch.texts("id.resp_h");
    const server = addresses.codesOf(serverColumn);
    const queryColumn = batch.texts("query");
    const query = this.queries.codesOf(queryColumn, hostName);
    const typeColumn = batch.texts("qtype_name");
    const type = this.types.codesOf(typeColumn);
    const rcode = batch.texts("rcode_name");
    const refused = rcode.values.map((name) => name === "NXDOMAIN" ? 1 : 0);
    const answers = batch.texts("answers");
    const answered = answers.values.map((text) => this.#answerOf(text));
    const uid = batch.texts("uid");
    const sensorColumn = batch.texts("_system_name");
    const sensor = sensors.codesOf(sensorColumn);
    const origPort = batch.numbers("id.orig_p");
    for (let i = 0; i < batch.length; i++) {
      const q = query[queryColumn.codes[i]], s = src[srcColumn.codes[i]];
      if (q < 0 || s < 0 || NEIGHBOURS.has(port[i])) continue;
      const { address, text } = answered[answers.codes[i]];
      const to = server[serverColumn.codes[i]];
      const asked = type[typeColumn.codes[i]];
      const first = this.#firstOf(
        { ts: ts[i], src: s, server: to, query: q, type: asked },
        origPort[i],
      );
      if (first >= 0) {
        this.#repeats(first, address, text);
        continue;
      }
      this.ts.push(ts[i]);
      this.src.push(s);
      this.server.push(to);
      this.port.push(port[i]);
      this.query.push(q);
      this.type.push(asked);
      this.answer.push(address);
      this.text.push(text);
      this.refused.push(refused[rcode.codes[i]]);
      this.uid.push(uid.values[uid.codes[i]]);
      this.sensor.push(sensor[sensorColumn.codes[i]]);
    }
  }

  /** Forgets what only reading needs. */
  finish(): void {
    this.#seen.clear();
  }

  /**
   * The row that a record tells of once more: the same question from the same
   * port within two seconds is a retry, or was logged by a second tap with a
   * uid of its own. −1 where it is new.
   */
  #firstOf(
    { ts, src, server, query, type }: Question,
    origPort: number,
  ): number {
    if (!(origPort >= 0)) return -1;
    const key = ((query % 2 ** 24) * 65_536 + origPort) * 64 + (type + 1) % 64;
    const row = this.#seen.get(key);
    const known = row !== undefined && Math.abs(this.ts[row] - ts) <= WITHIN &&
      this.src[row] === src && this.server[row] === server &&
      this.query[row] === query && this.type[row] === type;
    if (known) return row;
    this.#seen.set(key, this.length);
    return -1;
  }

  /** What one record of a look-up lacks, another may have. */
  #repeats(row: number, address: number, text: number): void {
    this.#repeated++;
    if (this.answer[row] < 0) this.answer[row] = address;
    this.text[row] = Math.max(this.text[row], text);
  }

  #answerOf(answers: string): { address: number; text: number } {
    let address = -1, text = 0;
    if (answers === "") return { address, text };
    for (const answer of elementsOf(answers)) {
      if (answer === null) continue;
      if (!isLiteral(answer)) text += answer.length;
      else if (address < 0) address = this.answers.code(answer);
    }
    return { address, text };
  }
}
