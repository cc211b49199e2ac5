import { type Compression, newDecompressor, unpacked } from "./decompressor.ts";
import type { LogFormat } from "./file_report.ts";
import { flowColumns } from "./flow_csv.ts";
import { recognise } from "./log_type.ts";
import { fromLatin1, latin1, utf8Text } from "./text_cache.ts";
import { type JsonRecord, namesOf, parseRecord, pathOf } from "./zeek_json.ts";
import { DEFAULT_HEADER, readHeaderLine } from "./zeek_tsv_header.ts";

/** Most of what the first bytes of a file may decompress to: one long line. */
const MAX_TEXT_BYTES = 1 << 22;

const UTF16 = "UTF-16 text: convert it to UTF-8 first (iconv)";
const PCAP = "a capture of packets: make logs of it with zeek -r FILE";

/** What the first bytes of a file say it is. */
export interface Guess {
  readonly format: LogFormat;
  readonly compression: Compression;
  /** The path it names or its fields tell; "mixed" where there are several. */
  readonly logType: string;
  /** Whether the file names the type itself. */
  readonly named: boolean;
}

/** A file of files. */
export interface ArchiveGuess {
  readonly archive: "tar";
  readonly compression: Compression;
}

/**
 * The format of a file by its first bytes, or every reason why it is no log.
 *
 * @param head the file's first bytes.
 * @param whole whether that is all of them.
 */
export async function detect(
  head: Uint8Array,
  whole: boolean,
): Promise<Guess | ArchiveGuess | string[]> {
  if (head.length === 0) return ["the file is empty"];
  const reasons: string[] = [];
  const compression = compressionOf(head);
  let text = head;
  if (compression !== "none") {
    const unpacked = await decompress(head, compression, whole);
    if (typeof unpacked === "string") return [unpacked];
    if (unpacked.length === 0) return [`${compression} data of an empty file`];
    text = unpacked;
  } else reasons.push(otherFormat(head) ?? "not compressed");
  if (isTar(text)) return { archive: "tar", compression };
  const lines = linesOf(text, whole && compression === "none");
  const guess = detectFlows(lines) ?? detectTsv(lines, reasons) ??
    detectJson(lines, reasons);
  return guess ? { ...guess, compression } : reasons;
}

/** How compressed data begin. */
const COMPRESSED: readonly [start: string, Exclude<Compression, "none">][] = [
  ["\x1f\x8b", "gzip"],
  ["\x28\xb5\x2f\xfd", "zstd"],
  ["BZh", "bzip2"],
  ["\xfd7zXZ\0", "xz"],
];

function compressionOf(head: Uint8Array): Compression {
  const start = latin1(head, 0, Math.min(head.length, 6));
  return COMPRESSED.find(([magic]) => start.startsWith(magic))?.[1] ?? "none";
}

/** What is known of a file by its first bytes, and how to make a log of it. */
const OTHER_FORMATS: readonly [start: string, reason: string][] = [
  ["PK\x03\x04", "a zip archive: unpack it first (unzip)"],
  ["\xd4\xc3\xb2\xa1", PCAP],
  ["\xa1\xb2\xc3\xd4", PCAP],
  ["\x4d\x3c\xb2\xa1", PCAP],
  ["\x0a\x0d\x0d\x0a", PCAP],
  // As PowerShell's ">" writes what a program prints.
  ["\xff\xfe", UTF16],
  ["\xfe\xff", UTF16],
];

/** POSIX.1-1988 and GNU's archives say so in the header of their first file. */
function isTar(text: Uint8Array): boolean {
  return text.length >= 512 && latin1(text, 257, 262) === "ustar";
}

function otherFormat(head: Uint8Array): string | undefined {
  const start = latin1(head, 0, Math.min(head.length, 4));
  return OTHER_FORMATS.find(([magic]) => start.startsWith(magic))?.[1];
}

/**
 * As much as decompresses, or why nothing does. Damage that is further on
 * must not hide a log; nor may a few bytes that decompress to gigabytes fill
 * the memory.
 */
async function decompress(
  head: Uint8Array,
  compression: Exclude<Compression, "none">,
  whole: boolean,
): Promise<Uint8Array | string> {
  let reason = "";
  // zlib keeps to itself what it decoded of a piece with damage in it.
  for (const step of compression === "gzip" ? [4096, 64] : [4096]) {
    const { text, failure } = await decompressed(head, compression, step);
    if (text.length > 0 || !failure) return text;
    reason = failure.message;
  }
  return /unexpected end/.test(reason) && !whole
    ? `the first block of its ${compression} data is too long`
    : `its ${compression} data cannot be decompressed (${reason})`;
}

/** @param step compressed bytes that are decompressed at once. */
async function decompressed(
  head: Uint8Array,
  compression: Exclude<Compression, "none">,
  step: number,
): Promise<{ text: Uint8Array; failure?: Error }> {
  const packed = newDecompressor(compression);
  const out: Uint8Array[] = [];
  let length = 0;
  try {
    for (let at = 0; length < MAX_TEXT_BYTES; at += step) {
      const bytes = at < head.length ? head.subarray(at, at + step) : "end";
      for await (const piece of unpacked(packed, bytes)) {
        out.push(piece);
        length += piece.length;
        if (length >= MAX_TEXT_BYTES) break;
      }
      if (packed.failure || packed.ended || bytes === "end") break;
    }
  } finally {
    packed.close();
  }
  const text = joined(out, Math.min(length, MAX_TEXT_BYTES));
  return { text, failure: packed.failure };
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const out = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    const part = piece.subarray(0, length - at);
    out.set(part, at);
    at += part.length;
  }
  return out;
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
