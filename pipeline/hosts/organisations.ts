import { gunzipSync } from "node:zlib";
import { addressBytes, isMapped, parseNetwork } from "../address.ts";
import { messageOf, SkerryError } from "../errors.ts";
import type { Organisation } from "../finding.ts";
import { type CsvRow, csvRows } from "./csv_rows.ts";
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

async function contentOf(
  path: string,
): Promise<{ bytes: Uint8Array; modifiedAt: number }> {
  try {
    const { mtime } = await Deno.stat(path);
    const bytes = await Deno.readFile(path);
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return {
      bytes: zipped ? gunzipSync(bytes) : bytes,
      modifiedAt: (mtime ?? new Date()).getTime() / 1000,
    };
  } catch (cause) {
    throw new SkerryError(
      `Cannot read ${path}: ${
        cause instanceof Deno.errors.NotFound
          ? "there is no such file"
          : messageOf(cause)
      }`,
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
  const rows = csvRows(text, head.includes("\t") ? "\t" : ",");
  const named = rows[0]?.cells.some((cell) =>
    /network|start|first/i.test(cell)
  );
  const ranges = new Ranges();
  for (const row of named ? rows.slice(1) : rows) {
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

/** Ranges of addresses that do not overlap: `add`, then `finish`. */
class Ranges {
  readonly #rows: {
    readonly first: Uint8Array;
    readonly last: Uint8Array;
    readonly organisation: Organisation;
  }[] = [];
  readonly #known = new Map<string, Organisation>();

  add(first: Uint8Array, last: Uint8Array, asn: string, name: string): void {
    const number = Number(asn.replace(/^AS/i, ""));
    // ip2asn's 0 stands for "not routed".
    if (asn === "" || !Number.isInteger(number) || number === 0) return;
    const key = `${number} ${name}`;
    let organisation = this.#known.get(key);
    if (!organisation) {
      this.#known.set(key, organisation = { asn: number, name });
    }
    this.#rows.push({ first, last, organisation });
  }

  finish(): this {
    this.#rows.sort((a, b) => compare(a.first, b.first));
    return this;
  }

  get(address: string): Organisation | null {
    const bytes = addressBytes(address);
    if (bytes === null) return null;
    let low = 0, high = this.#rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(this.#rows[middle].first, bytes) <= 0) low = middle + 1;
      else high = middle;
    }
    const row = this.#rows[low - 1];
    return row && compare(bytes, row.last) <= 0 ? row.organisation : null;
  }
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < 16; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return 0;
}
