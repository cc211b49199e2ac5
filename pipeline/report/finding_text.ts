import type { FirstSeen, RankedFinding } from "../run_report.ts";
import type {
  Decision,
  Opinion,
  StoredRecord,
} from "../store/session_store.ts";
import { count, fewerThan, plural, seconds, time } from "../wording.ts";
import {
  labelled,
  rule,
  severityMark,
  styled,
  type Terminal,
  wrap,
} from "./terminal.ts";
import { hostFacts, placeFacts } from "./host_text.ts";
import { visible } from "./visible.ts";

/** Columns before a reason's text. */
const REASON = 11;

export interface FindingTextOptions {
  readonly terminal: Terminal;
  readonly timeZone: string;
}

/**
 * One finding in full: sentence, facts, reasons for and against, first records.
 *
 * @param records what the store holds of it; null where that was not asked for.
 */
export function findingText(
  finding: RankedFinding,
  opinion: Opinion,
  records: readonly StoredRecord[] | null,
  options: FindingTextOptions,
): string {
  const { terminal } = options;
  return [
    "",
    ...wrap(visible(finding.summary), terminal.width - 2).map((line) =>
      "  " + styled(terminal, "bold", line)
    ),
    "",
    ...factLines(finding, opinion, options),
    "",
    "  Reasons, as log-odds that add up to the score",
    ...finding.reasons.map(({ effect, text }) =>
      wrap(visible(text), terminal.width - REASON).map((line, i) =>
        (i === 0 ? `  ${effectText(effect)}  ` : " ".repeat(REASON)) + line
      ).join("\n")
    ),
    "",
    ...(records === null
      ? []
      : [...recordLines(records, finding, options), ""]),
  ].join("\n");
}

function factLines(
  finding: RankedFinding,
  opinion: Opinion,
  { terminal, timeZone }: FindingTextOptions,
): string[] {
  const port = finding.port === null ? "" : ` port ${finding.port}`;
  const name = finding.name === null
    ? "none known"
    : `${finding.name} (${finding.nameSource})`;
  const facts: [string, string][] = [
    [
      "score",
      `${finding.score.toFixed(3)} ${
        severityMark(terminal, finding.severity).trim()
      }`,
    ],
    ["detector", finding.detector],
    ["from", finding.src],
    ...hostFacts(finding.srcHost),
    ["to", `${finding.dst}${port}/${finding.proto}`],
    ["name", name],
    ...hostFacts(finding.dstHost),
    ...placeFacts(finding),
    ["direction", finding.direction],
    [
      "first, last",
      `${time(finding.firstTs, timeZone)} to ${
        time(finding.lastTs, timeZone)
      } ${timeZone}`,
    ],
    ...(finding.firstSeen
      ? [
        [
          "first seen",
          firstSeenText(finding.firstSeen, timeZone),
        ] as [string, string],
      ]
      : []),
    ["count", count(finding.count)],
    ...rhythmFacts(finding),
    ["state", finding.state],
    ["verdict", opinion.verdict ?? "none yet"],
    ...opinionFacts(opinion),
    ["id", finding.id],
  ];
  return [
    ...facts.map(([label, text]) =>
      labelled(terminal, label, visible(text), 16)
    ),
    ...opinion.notes.map(({ at, text }) =>
      labelled(terminal, "note", `${time(at, timeZone)} ${visible(text)}`, 16)
    ),
    ...opinion.history.map((decision) =>
      labelled(
        terminal,
        "history",
        visible(decisionText(decision, timeZone)),
        16,
      )
    ),
  ];
}

/** A first time says little where the logs begin just before it. */
function firstSeenText(
  { ts, history }: FirstSeen,
  timeZone: string,
): string {
  const when = time(ts, timeZone);
  return history > 0
    ? `${when}, after ${seconds(history)} of logs without it`
    : `${when}, where the logs begin`;
}

/** What is unset is left out; the verdict stands always. */
function opinionFacts(
  { regular, owner, tags }: Opinion,
): [label: string, text: string][] {
  return [
    ["regular", regular === null ? "" : regular ? "yes" : "no"],
    ["owner", owner ?? ""],
    ["tags", tags.join(", ")],
  ].filter(([, text]) => text !== "") as [string, string][];
}

/** "2026-11-24 08:12:00 ann: verdict malicious, because …". */
function decisionText(
  { at, who, why, about, value }: Decision,
  timeZone: string,
): string {
  const by = who === "" ? "" : ` ${who}:`;
  const because = why === "" ? "" : `, because ${why}`;
  return `${time(at, timeZone)}${by} ${about} ${
    value ?? "taken back"
  }${because}`;
}

/** Shortest, median and longest interval, the law of the jitter, the beats. */
function rhythmFacts({ evidence }: RankedFinding): [string, string][] {
  const {
    shortestInterval: shortest,
    medianInterval: median,
    longestInterval: longest,
    jitterLaw,
    checkIns,
    missedCheckIns,
    log10q,
    pairsTested,
    members,
    alsoSeenAs,
  } = evidence;
  const facts: [string, string][] = [];
  if (
    typeof shortest === "number" && typeof median === "number" &&
    typeof longest === "number"
  ) {
    facts.push([
      "interval",
      `${seconds(shortest)} – ${seconds(median)} – ${
        seconds(longest)
      } (shortest, median, longest)`,
    ]);
  }
  if (typeof jitterLaw === "string") facts.push(["jitter", jitterLaw]);
  if (typeof checkIns === "number" && typeof missedCheckIns === "number") {
    facts.push([
      "check-ins",
      `${count(checkIns)} seen, ${count(missedCheckIns)} missed`,
    ]);
  }
  if (typeof log10q === "number" && typeof pairsTested === "number") {
    facts.push([
      "by chance",
      log10q > -1
        ? "hardly more regular than chance"
        : `${fewerThan(log10q)}, corrected for ${count(pairsTested)} pairs`,
    ]);
  }
  if (Array.isArray(members)) facts.push(["group", members.join(", ")]);
  if (Array.isArray(alsoSeenAs)) {
    facts.push(["also seen as", alsoSeenAs.join(", ")]);
  }
  return facts;
}

function effectText(effect: number): string {
  const sign = effect < 0 ? "−" : "+";
  return `${sign}${Math.abs(effect).toFixed(2)}`.padStart(7);
}

const SHOWN = 10;

/** A finding keeps the uids of its first connections only. */
function connectionsText({ uids, uidCount }: RankedFinding): string {
  const all = plural(uidCount, "connection");
  return uids.length < uidCount
    ? `the first ${count(uids.length)} of ${all}`
    : all;
}

function recordLines(
  records: readonly StoredRecord[],
  finding: RankedFinding,
  { terminal, timeZone }: FindingTextOptions,
): string[] {
  if (records.length === 0) {
    return ["  The records are no longer in the store."];
  }
  const shown = records.slice(0, SHOWN).map(({ logType, fields }) => {
    const { ts, uid, ...rest } = fields;
    const text = Object.entries(rest)
      .filter(([name]) => !name.startsWith("id.") && name !== "record")
      .map(([name, value]) => `${name}=${visible(String(value))}`).join(" ");
    const head = `${time(Number(ts), timeZone)}  ${logType} ${uid ?? "–"}`;
    return [
      `  ${head}`,
      ...wrap(text, terminal.width - 6).map((line) =>
        "      " + styled(terminal, "dim", line)
      ),
    ].join("\n");
  });
  return [
    `  First records, ${count(shown.length)} of ${count(records.length)}, of ${
      connectionsText(finding)
    }`,
    rule(terminal),
    ...shown,
  ];
}
