import { SkerryError } from "./errors.ts";
import type { Subject } from "./finding.ts";

/** What is known of one pair of a capture: a line of a TRUTH.tsv. */
export interface TruthRow {
  readonly log: string;
  readonly src: string;
  readonly dst: string;
  readonly port: string;
  readonly proto: string;
  /** Host, SNI, CONNECT target or registrable domain; "-" for none. */
  readonly name: string;
  /** "c2-mirai-irc", "beacon-https-via-proxy", "benign-periodic-ntp", "scan", … */
  readonly label: string;
  /** Who says so: a label in the file, a document, or only the traffic. */
  readonly confidence: "labelled" | "documented" | "inferred";
}

/**
 * To be found, to be passed over, or neither: scans, floods and thefts are
 * malicious and no beacons, so that a ranking of beacons may list them.
 */
export type Role = "positive" | "benign" | "neutral";

const CONFIDENCES = ["labelled", "documented", "inferred"];
const COLUMNS = [
  "src",
  "dst",
  "port",
  "proto",
  "name",
  "label",
  "confidence",
];
const NEUTRAL = /^(scan|dos|bruteforce|exfil)|mixed/;
const BENIGN = /^(benign|background)/;

/**
 * The rows of a TRUTH.tsv: tabs, a header with at least {@link COLUMNS}; `*`
 * matches any value, `-` stands for none.
 *
 * ```ts
 * import { parseTruth, roleOf } from "./truth.ts";
 * import assert from "node:assert/strict";
 *
 * const [row] = parseTruth(
 *   "src\tdst\tport\tproto\tname\tlabel\tconfidence\n" +
 *     "10.0.0.1\t192.0.2.1\t443\ttcp\t-\tc2-demo\tlabelled\n",
 *   "TRUTH.tsv",
 * );
 * assert.equal(roleOf(row), "positive");
 * ```
 * @param path for messages.
 * @throws SkerryError for an absent column or an unknown confidence.
 */
export function parseTruth(text: string, path: string): TruthRow[] {
  const [header, ...lines] = text.split(/\r?\n/);
  const columns = header.replace(/^\uFEFF/, "").split("\t");
  const absent = COLUMNS.filter((name) => !columns.includes(name));
  if (absent.length > 0) {
    throw new SkerryError(
      `Cannot read ${path}: its first line lacks ${absent.join(", ")}`,
      { hint: `the columns are ${COLUMNS.join(", ")}, separated by tabs` },
    );
  }
  return lines.flatMap((line, i) => {
    if (line.trim() === "" || line.startsWith("#")) return [];
    const cells = line.split("\t");
    const cell = (name: string) => (cells[columns.indexOf(name)] ?? "").trim();
    for (const name of COLUMNS) {
      if (cell(name) !== "") continue;
      throw new SkerryError(`Cannot read ${path}:${i + 2}: ${name} is empty`);
    }
    const confidence = cell("confidence");
    if (!CONFIDENCES.includes(confidence)) {
      throw new SkerryError(
        `Cannot read ${path}:${i + 2}: confidence must be one of ${
          CONFIDENCES.join(", ")
        }, got ${JSON.stringify(confidence)}`,
      );
    }
    return [{
      log: cell("log") || "conn",
      src: cell("src"),
      dst: cell("dst"),
      port: cell("port"),
      proto: cell("proto"),
      name: cell("name").toLowerCase(),
      label: cell("label"),
      confidence: confidence as TruthRow["confidence"],
    }];
  });
}

export function roleOf({ label }: TruthRow): Role {
  if (NEUTRAL.test(label)) return "neutral";
  return BENIGN.test(label) ? "benign" : "positive";
}

/** Whether the row's truth is certain enough to judge a ranking by. */
export function isJudged({ confidence }: TruthRow): boolean {
  return confidence !== "inferred";
}

/** A subject of any ranking; what its key lacks (RITA has no port) is null. */
export type RankedSubject =
  & Pick<Subject, "src" | "dst" | "name">
  & {
    readonly port: number | null;
    readonly proto: string | null;
    /** Names or addresses that it puts together. */
    readonly members?: readonly string[];
  };

/**
 * Whether the truth speaks of this subject. A name covers the names under it;
 * a subject without a name is told by its address, and one of many members by
 * any of them.
 */
export function tells(row: TruthRow, subject: RankedSubject): boolean {
  const { src, dst, port, proto, name } = subject;
  if (!fits(row.src, src)) return false;
  if (port !== null && !fits(row.port, String(port))) return false;
  if (proto !== null && !fits(row.proto, proto)) return false;
  const { members = [] } = subject;
  if (row.name === "-" || name === null) {
    if (fits(row.dst, dst) || members.includes(row.dst)) return true;
  }
  return row.name !== "-" &&
    [name, ...members].some((own) =>
      own === row.name || own?.endsWith(`.${row.name}`)
    );
}

function fits(pattern: string, value: string): boolean {
  return pattern === "*" || pattern === "-" || pattern === value;
}
