import { messageOf } from "../errors.ts";
import type { LogFormat } from "./file_report.ts";
import { flowColumns } from "./flow_csv.ts";
import { recognise } from "./log_type.ts";
import { fromLatin1, latin1, utf8Text } from "./text_cache.ts";
import { type JsonRecord, namesOf, parseRecord, pathOf } from "./zeek_json.ts";
import { DEFAULT_HEADER, readHeaderLine } from "./zeek_tsv_header.ts";
import { zlib } from "./zlib.ts";

/** Most of what the first bytes of a file may decompress to: one long line. */
const MAX_TEXT_BYTES = 1 << 22;

const PCAP = "a capture of packets: make logs of it with zeek -r FILE";

/** What the first bytes of a file say it is. */
export interface Guess {
  readonly format: LogFormat;
  readonly compression: "none" | "gzip";
  /** The path it names or its fields tell; "mixed" where there are several. */
  readonly logType: string;
  /** Whether the file names the type itself. */
  readonly named: boolean;
}

/**
 * The format of a file by its first bytes, or every reason why it is no log.
 *
 * @param head the file's first bytes.
 * @param whole whether that is all of them.
 */
export function detect(head: Uint8Array, whole: boolean): Guess | string[] {
  if (head.length === 0) return ["the file is empty"];
  const reasons: string[] = [];
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  let text = head;
  if (gzip) {
    const inflated = inflate(head);
    if (typeof inflated === "string") return [inflated];
    if (inflated.length === 0) return ["gzip data of an empty file"];
    text = inflated;
  } else reasons.push(otherFormat(head) ?? "not gzip");
  const lines = linesOf(text, whole && !gzip);
  const guess = detectFlows(lines) ?? detectTsv(lines, reasons) ??
    detectJson(lines, reasons);
  return guess ? { ...guess, compression: gzip ? "gzip" : "none" } : reasons;
}

/** What is known of a file by its first bytes, and how to make a log of it. */
const OTHER_FORMATS: readonly [start: string, reason: string][] = [
  ["\x28\xb5\x2f\xfd", "zstd data: decompress it first (zstd -d)"],
  ["BZh", "bzip2 data: decompress it first (bunzip2)"],
  ["\xfd7zXZ\0", "xz data: decompress it first (unxz)"],
  ["PK\x03\x04", "a zip archive: unpack it first (unzip)"],
  ["\xd4\xc3\xb2\xa1", PCAP],
  ["\xa1\xb2\xc3\xd4", PCAP],
  ["\x4d\x3c\xb2\xa1", PCAP],
  ["\x0a\x0d\x0d\x0a", PCAP],
];

function otherFormat(head: Uint8Array): string | undefined {
  const start = latin1(head, 0, Math.min(head.length, 512));
  if (start.slice(257, 262) === "ustar") {
    return "a tar archive: unpack it first (tar xf)";
  }
  return OTHER_FORMATS.find(([magic]) => start.startsWith(magic))?.[1];
}

/**
 * As much as decompresses, or why nothing does. Damage that is further on
 * must not hide a log, and zlib says nothing of what it decoded before; nor
 * may a few bytes that decompress to gigabytes fill the memory.
 */
function inflate(head: Uint8Array): Uint8Array | string {
  const { constants, gunzipSync } = zlib();
  let reason = "";
  for (let size = head.length; size > 0; size >>= 1) {
    try {
      const text = gunzipSync(head.subarray(0, size), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_TEXT_BYTES,
      });
      if (text.length > 0 || reason === "") return text;
    } catch (error) {
      reason ||= messageOf(error);
    }
  }
  return `its gzip data cannot be decompressed (${reason || "too short"})`;
}

/** Whole lines only, unless the head has none or is the whole file. */
function linesOf(bytes: Uint8Array, whole: boolean): string[] {
  const lines = utf8Text(bytes).replace(/^\uFEFF/, "").split(/\r?\n/);
  if (!whole && lines.length > 1) lines.pop();
  return lines.filter((line) => line.trim() !== "");
}

type Content = Omit<Guess, "compression">;

function detectFlows([first]: string[]): Content | undefined {
  return first !== undefined && flowColumns(first)
    ? { format: "flow-csv", logType: "conn", named: true }
    : undefined;
}

function detectTsv(lines: string[], reasons: string[]): Content | undefined {
  let header = DEFAULT_HEADER;
  for (const line of lines) {
    const trimmed = line.trimStart();
    if (!trimmed.startsWith("#")) break;
    header = readHeaderLine(header, trimmed);
    if (header.cells) break;
  }
  if (!header.cells) {
    reasons.push("no #fields line");
    return undefined;
  }
  const logType = header.path ?? recognise(header.cells.flat().map(fromLatin1));
  return {
    format: "zeek-tsv",
    logType: logType ?? "unknown",
    named: header.path !== undefined,
  };
}

function detectJson(lines: string[], reasons: string[]): Content | undefined {
  const records = lines.map(parseRecord).filter((r) => r !== undefined);
  if (records.length === 0) {
    reasons.push(
      lines[0]?.startsWith("[")
        ? "a JSON array instead of one JSON object per line"
        : "first line is not a JSON object",
    );
    return undefined;
  }
  if (records.length * 2 < lines.length) {
    // A text that quotes a record, as documentation does.
    reasons.push(
      `only ${records.length} of its first ${lines.length} lines ` +
        "hold a JSON object",
    );
    return undefined;
  }
  if (!records.some(isZeek)) {
    reasons.push("its JSON objects have neither ts nor _path");
    return undefined;
  }
  return { format: "zeek-json", ...typeOf(records) };
}

function isZeek(record: JsonRecord): boolean {
  return ["ts", "_path", "@path", "@stream", "_stream"]
    .some((key) => key in record);
}

/**
 * Records of one type need not all show it (Zeek's JSON leaves unset fields
 * out), so those that neither name a type nor look like one do not count.
 */
function typeOf(records: JsonRecord[]): { logType: string; named: boolean } {
  const named = new Set(records.map(pathOf));
  if (!named.has(undefined)) return { logType: oneOf(named), named: true };
  const types = new Set(records.map((r) => pathOf(r) ?? recognise(namesOf(r))));
  types.delete(undefined);
  if (types.size === 0) types.add("unknown");
  return { logType: oneOf(types), named: false };
}

function oneOf(types: ReadonlySet<string | undefined>): string {
  return types.size === 1 ? [...types][0]! : "mixed";
}
