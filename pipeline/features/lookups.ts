import type { RecordBatch } from "../record_batch.ts";
import { Interner } from "./interner.ts";
import { hostName, isLiteral } from "./names.ts";

/** Ports of dns.log at which hosts ask their neighbours: NetBIOS, mDNS, LLMNR. */
const NEIGHBOURS = new Set([137, 138, 5353, 5355]);

/** All look-ups of a hunt as columns, one value per record of dns.log. */
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

  get length(): number {
    return this.ts.length;
  }

  /** @param addresses where hosts get their codes. */
  add(batch: RecordBatch, addresses: Interner): void {
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
    for (let i = 0; i < batch.length; i++) {
      const q = query[queryColumn.codes[i]], s = src[srcColumn.codes[i]];
      if (q < 0 || s < 0 || NEIGHBOURS.has(port[i])) continue;
      const { address, text } = answered[answers.codes[i]];
      this.ts.push(ts[i]);
      this.src.push(s);
      this.server.push(server[serverColumn.codes[i]]);
      this.port.push(port[i]);
      this.query.push(q);
      this.type.push(type[typeColumn.codes[i]]);
      this.answer.push(address);
      this.text.push(text);
      this.refused.push(refused[rcode.codes[i]]);
      this.uid.push(uid.values[uid.codes[i]]);
    }
  }

  #answerOf(answers: string): { address: number; text: number } {
    let address = -1, text = 0;
    if (answers === "") return { address, text };
    for (const answer of answers.split(",")) {
      if (!isLiteral(answer)) text += answer.length;
      else if (address < 0) address = this.answers.code(answer);
    }
    return { address, text };
  }
}
