// Which pairs a net calls beacons, for people to decide on.
import type { Judged } from "./classify.ts";
import { recordPairs } from "./features/http.ts";
import { findingId, type Subject } from "./finding.ts";
import { Pacer, type RunOptions } from "./progress.ts";
import type { Records } from "./records.ts";

/** A record's own fields, unset ones left out. */
export interface PairSession {
  readonly probability: number;
  readonly fields: Readonly<Record<string, string | number>>;
}

/** What a net says of one source → one destination. */
export interface PairHit {
  /** Whom opinions of the pair are kept under. */
  readonly id: string;
  readonly subject: Subject;
  /** Highest of the rows that the net was asked about. */
  readonly probability: number;
  /** Rows that the net was asked about. */
  readonly judged: number;
  /** All rows of the pair. */
  readonly rows: number;
  /** Seconds between two of them; null for one row. */
  readonly medianWait: number | null;
  /** Epoch seconds. */
  readonly firstTs: number;
  /** What the labels say of its rows; null where none has one. */
  readonly label: "beacon" | "benign" | "both" | null;
  /** The likeliest first, at most {@link SESSIONS}. */
  readonly sessions: readonly PairSession[];
  /** Of all its rows, each once: what an answer labels. */
  readonly uids: readonly string[];
}

const SESSIONS = 10;

/**
 * The pairs that a net was asked about: the `limit` surest, then those of the
 * others among the `limit` that it is least sure of, and how many there are.
 *
 * @throws the signal's reason when aborted.
 */
export async function pairHits(
  records: Records,
  judged: Judged,
  limit: number,
  { signal }: RunOptions = {},
): Promise<{ readonly pairs: readonly PairHit[]; readonly total: number }> {
  const pacer = new Pacer(signal);
  const names = await pairNames(records, pacer);
  const best = new Map<string, { rows: number[]; probability: number }>();
  judged.rows.forEach((row, k) => {
    const known = best.get(names[row]);
    const probability = judged.probability[k];
    if (!known) return best.set(names[row], { rows: [k], probability });
    known.rows.push(k);
    known.probability = Math.max(known.probability, probability);
  });
  const all = [...best].map(([name, { rows, probability }]) => ({
    name,
    rows,
    probability,
  }));
  const surest = all.toSorted((a, b) => b.probability - a.probability);
  const unsure = all.toSorted((a, b) =>
    Math.abs(a.probability - 0.5) - Math.abs(b.probability - 0.5)
  );
  const listed = new Set([
    ...surest.slice(0, limit),
    ...unsure.slice(0, limit),
  ]);
  const members = membersOf(
    names,
    new Set([...listed].map(({ name }) => name)),
  );
  const pairs: PairHit[] = [];
  for (const { name, rows, probability } of listed) {
    const own = members.get(name)!;
    pairs.push(pairHit(records, judged, rows, own, probability));
    if (pacer.due) await pacer.rest();
  }
  return { pairs, total: all.length };
}

/** Whose each record is, in their order: 8 B each, and each pair's name once. */
export async function pairNames(
  records: Records,
  pacer: Pacer,
): Promise<string[]> {
  const names: string[] = [], known = new Map<string, string>();
  for (const batch of records.batches) {
    for (const name of recordPairs(batch)) {
      names.push(known.getOrInsert(name, name));
    }
    if (pacer.due) await pacer.rest();
  }
  return names;
}

/** The rows of each of the pairs. */
function membersOf(
  names: readonly string[],
  wanted: ReadonlySet<string>,
): Map<string, number[]> {
  const members = new Map<string, number[]>();
  names.forEach((name, row) => {
    if (!wanted.has(name)) return;
    const own = members.get(name);
    if (own) own.push(row);
    else members.set(name, [row]);
  });
  return members;
}

/** @param asked places in `judged`; @param rows all rows of the pair. */
function pairHit(
  records: Records,
  { rows: judgedRows, probability: P, y }: Judged,
  asked: readonly number[],
  rows: readonly number[],
  probability: number,
): PairHit {
  const top = asked.toSorted((a, b) => P[b] - P[a]).slice(0, SESSIONS);
  const sessions = top.map((k) => ({
    probability: P[k],
    fields: records.row(judgedRows[k]),
  }));
  const subject = subjectOf(sessions[0].fields);
  const { ts, uids } = placesOf(records, rows);
  return {
    id: findingId("neural net", subject),
    subject,
    probability,
    judged: asked.length,
    rows: rows.length,
    medianWait: medianWait(ts),
    firstTs: ts[0],
    label: labelOfPair(asked.map((k) => y[k])),
    sessions,
    uids,
  };
}

function subjectOf(fields: Readonly<Record<string, string | number>>): Subject {
  const text = (name: string) => String(fields[name] ?? "");
  const name = text("host");
  return {
    src: text("id.orig_h"),
    dst: text("id.resp_h"),
    port: typeof fields["id.resp_p"] === "number" ? fields["id.resp_p"] : null,
    proto: text("proto") || "tcp",
    name: name === "" ? null : name,
    nameSource: name === "" ? null : "host",
    sensor: null,
  };
}

/** Times, ascending, and uids, each once. */
function placesOf(
  records: Records,
  rows: readonly number[],
): { ts: Float64Array; uids: string[] } {
  const ts = new Float64Array(rows.length), uids = new Set<string>();
  let next = 0, offset = 0;
  for (const batch of records.batches) {
    const time = batch.numbers("ts"), uid = batch.texts("uid");
    for (; next < rows.length && rows[next] < offset + batch.length; next++) {
      const i = rows[next] - offset;
      ts[next] = time[i];
      if (uid.codes[i] > 0) uids.add(uid.values[uid.codes[i]]);
    }
    offset += batch.length;
  }
  return { ts: ts.sort(), uids: [...uids] };
}

function medianWait(ts: Float64Array): number | null {
  if (ts.length < 2) return null;
  const waits = ts.subarray(1).map((t, i) => t - ts[i]).sort();
  const half = waits.length >> 1;
  return waits.length % 2 === 1
    ? waits[half]
    : (waits[half - 1] + waits[half]) / 2;
}

function labelOfPair(labels: readonly number[]): PairHit["label"] {
  const yes = labels.includes(1), no = labels.includes(0);
  if (yes && no) return "both";
  return yes ? "beacon" : no ? "benign" : null;
}
