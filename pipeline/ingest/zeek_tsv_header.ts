import { latin1 } from "./text_cache.ts";

/** What the header lines of a TSV log said so far (Zeek's ASCII writer). */
export interface TsvHeader {
  /** Bytes between fields; may be more than one. */
  readonly separator: Uint8Array;
  /** Between the elements of a set or vector, as latin-1 characters. */
  readonly setSeparator: string;
  /** What stands for an empty text or set. */
  readonly emptyField: string;
  /** What stands for no value. */
  readonly unsetField: Uint8Array;
  /** The log type; undefined where there is no `#path`. */
  readonly path?: string;
  /** Names of each cell; several where one cell joins them by spaces. */
  readonly cells?: readonly (readonly string[])[];
  /** Types of each cell, as {@link cells}; undefined without `#types`. */
  readonly types?: readonly (readonly string[])[];
}

/** Zeek's defaults, for logs that lack a line of the header. */
export const DEFAULT_HEADER: TsvHeader = {
  separator: Uint8Array.of(9),
  setSeparator: ",",
  emptyField: "(empty)",
  unsetField: Uint8Array.of(45),
};

/** How IoT-23 joins its last three columns, names and values alike. */
const JOINED = / {2,}/;

/**
 * The header after one more line that begins with "#"; the same object where
 * the line says nothing of use ("#open", a comment).
 */
export function readHeaderLine(header: TsvHeader, line: string): TsvHeader {
  const separator = /^#separator[ \t](.+)$/.exec(line)?.[1];
  if (separator) {
    // The first line of every log: whatever an earlier log said is over.
    return { ...DEFAULT_HEADER, separator: bytesOf(separator) };
  }
  const [name, ...values] = line.split(latin1All(header.separator));
  const value = values[0] ?? "";
  switch (name) {
    case "#set_separator":
      return { ...header, setSeparator: latin1All(bytesOf(value)) || "," };
    case "#empty_field":
      return { ...header, emptyField: value };
    case "#unset_field":
      return { ...header, unsetField: bytesOf(value) };
    case "#path":
      return { ...header, path: value || undefined };
    case "#fields":
      return {
        ...header,
        cells: values.map((v) => splitCell(header, v)),
        types: undefined,
      };
    case "#types":
      return { ...header, types: values.map((v) => splitCell(header, v)) };
    default:
      return header;
  }
}

/** The names or values that one cell holds. */
export function splitCell(header: TsvHeader, cell: string): string[] {
  // Where a space separates cells, two spaces are an empty cell.
  return header.separator[0] === 32 ? [cell] : cell.split(JOINED);
}

/** The bytes of "\x09", of "\t", or of plain characters. */
function bytesOf(text: string): Uint8Array {
  const raw = text.replaceAll("\\t", "\t").replace(
    /\\x([0-9a-f]{2})/gi,
    (_, hex) => String.fromCharCode(parseInt(hex, 16)),
  );
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

function latin1All(bytes: Uint8Array): string {
  return latin1(bytes, 0, bytes.length);
}
