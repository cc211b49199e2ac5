import defer * as process from "node:process";
import { addressBytes, isMapped, parseNetwork } from "../address.ts";
import { fileProblem, messageOf, SkerryError } from "../errors.ts";
import type { Organisation } from "../finding.ts";
import { type CsvRow, eachCsvRow } from "../csv_rows.ts";
import { isMmdb, Mmdb } from "./mmdb.ts";

/** Whose addresses are whose. */
export interface Organisations {
  readonly path: string;
  /** Epoch seconds: when it was made. */
  readonly builtAt: number;
  /** Whether the file itself says when; else it is the file's time. */
  readonly saysWhen: boolean;
  /** Null where nothing is known of the address. */
  of(address: string): Organisation | null;
}

const FORMS =
  "an mmdb file (GeoLite2 ASN), ip2asn's TSV, or CSV with network or first and last address, number and organisation; each also as .gz";

/**
 * Reads which organisation has which addresses: MaxMind's mmdb or CSV
 * (`network,autonomous_system_number,autonomous_system_organization`), ip2asn's
 * TSV (first, last, number, country, description) and CSV of first, last,
 * number, organisation.
 *
 * @throws SkerryError when the file cannot be read, with line and value.
 */
export async function readOrganisations(path: string): Promise<Organisations> {
  const { bytes, modifiedAt } = await contentOf(path);
  try {
    if (isMmdb(bytes)) {
      const mmdb = new Mmdb(bytes);
      return {
        path,
        builtAt: mmdb.builtAt,
        saysWhen: true,
        of: (address) => organisationOf(mmdb.get(address)),
      };
    }
  } catch (cause) {
    throw new SkerryError(`Cannot read ${path}: ${messageOf(cause)}`, {
      cause,
    });
  }
  const ranges = rangesOf(new TextDecoder().decode(bytes), path);
  return {
    path,
    builtAt: modifiedAt,
    saysWhen: false,
    of: (address) => ranges.get(address),
  };
}

/** By node:zlib, which takes 15 ms and 10 MB to load: only here. */
function gunzip(bytes: Uint8Array): Uint8Array {
  return process.getBuiltinModule("node:zlib").gunzipSync(bytes);
}

async function contentOf(
  path: string,
): Promise<{ bytes: Uint8Array; modifiedAt: number }> {
  try {
    const { mtime } = await Deno.stat(path);
    const bytes = await Deno.readFile(path);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return {
      bytes: zipped ? gunzip(bytes) : bytes,
      modifiedAt: (mtime ?? new Date()).getTime() / 1000,
    };
  } catch (cause) {
    throw new SkerryError(
      `Cannot read ${path}: ${fileProblem(cause)}`,
      { hint: `--asn takes ${FORMS}`, cause },
    );
  }
}

/** Of a record of GeoLite2 ASN, or of the ISP and Enterprise databases. */
function organisationOf(record: unknown): Organisation | null {
  if (typeof record !== "object" || record === null) return null;
  const fields = record as Record<string, unknown>;
  const asn = fields.autonomous_system_number ?? fields.asn;
  const name = fields.autonomous_system_organization ?? fields.organization ??
    fields.isp ?? fields.name;
  if (asn === undefined && name === undefined) return null;
  return {
    asn: asn === undefined ? null : Number(String(asn).replace(/^AS/i, "")),
    name: String(name ?? ""),
  };
}

function rangesOf(text: string, path: string): Ranges {
  const head = text.slice(0, text.indexOf("\n") + 1 || text.length);
  const ranges = new Ranges();
  for (const row of eachCsvRow(text, head.includes("\t") ? "\t" : ",")) {
    if (row.line === 1 && isHeader(row)) continue;
    const why = addRow(ranges, row);
    if (why === null) continue;
    throw new SkerryError(
      `Cannot read ${path}:${row.line}: ${
        JSON.stringify(row.cells.join(",").slice(0, 200))
      }: ${why}`,
      { hint: `--asn takes ${FORMS}` },
    );
  }
  return ranges.finish();
}

function isHeader({ cells }: CsvRow): boolean {
  return cells.some((cell) => /network|start|first/i.test(cell));
}

/** @returns what is wrong with the row, or null. */
function addRow(ranges: Ranges, { cells }: CsvRow): string | null {
  if (cells[0].includes("/")) {
    const [network, asn, name = ""] = cells;
    try {
      const { bytes, prefix } = parseNetwork(network);
      ranges.add(...edgesOf(bytes, prefix), asn, name);
      return null;
    } catch (error) {
      return messageOf(error);
    }
  }
  const first = addressBytes(cells[0]), last = addressBytes(cells[1] ?? "");
  if (!first || !last) return "it begins with no network and no two addresses";
  if (isMapped(first) !== isMapped(last)) {
    return "one address is IPv4, the other IPv6";
  }
  // ip2asn has the country before the description.
  ranges.add(first, last, cells[2] ?? "", cells.at(-1) ?? "");
  return null;
}

function edgesOf(bytes: Uint8Array, prefix: number): [Uint8Array, Uint8Array] {
  const first = bytes.slice(), last = bytes.slice();
  for (let bit = prefix; bit < 128; bit++) {
    const mask = 0x80 >> bit % 8;
    first[bit >> 3] &= ~mask;
    last[bit >> 3] |= mask;
  }
  return [first, last];
}

/** Bytes of a range: its first and its last address. */
const EDGES = 32;

/** Ranges of addresses that do not overlap: `add`, then `finish`. */
class Ranges {
  #length = 0;
  /** Shape (length, 32): half a million ranges are 16 MB. */
  #edges = new Uint8Array(1024 * EDGES);
  readonly #whose: Organisation[] = [];
  readonly #known = new Map<string, Organisation>();
  /** Rows by their first address. */
  #order = new Uint32Array(0);

  add(first: Uint8Array, last: Uint8Array, asn: string, name: string): void {
    const number = Number(asn.replace(/^AS/i, ""));
    // ip2asn's 0 stands for "not routed".
    if (asn === "" || !Number.isInteger(number) || number === 0) return;
    const key = `${number} ${name}`;
    let organisation = this.#known.get(key);
    if (!organisation) {
      this.#known.set(key, organisation = { asn: number, name });
    }
    const at = this.#length++ * EDGES;
    if (at === this.#edges.length) {
      const larger = new Uint8Array(2 * at);
      larger.set(this.#edges);
      this.#edges = larger;
    }
    this.#edges.set(first, at);
    this.#edges.set(last, at + 16);
    this.#whose.push(organisation);
  }

  finish(): this {
    this.#order = Uint32Array.from({ length: this.#length }, (_, row) => row);
    const inOrder = this.#order.every((row) =>
      row === 0 || this.#compare(row - 1, this.#edges, row * EDGES) <= 0
    );
    // Most files are sorted.
    if (!inOrder) {
      this.#order.sort((a, b) => this.#compare(a, this.#edges, b * EDGES));
    }
    return this;
  }

  get(address: string): Organisation | null {
    const bytes = addressBytes(address);
    if (bytes === null) return null;
    let low = 0, high = this.#length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(this.#order[middle], bytes, 0) <= 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return null;
    const row = this.#order[low - 1];
    return this.#compare(row, bytes, 0, 16) >= 0 ? this.#whose[row] : null;
  }

  /** An address of a row, its first or (16) its last, with another. */
  #compare(row: number, other: Uint8Array, at: number, edge = 0): number {
    const from = row * EDGES + edge;
    for (let i = 0; i < 16; i++) {
      const difference = this.#edges[from + i] - other[at + i];
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
