import type {
  Answer,
  HeldOut,
  NetView,
  PairRow,
  SessionRow,
} from "../islands/_net.ts";
import { cut, visible } from "../islands/_visible.ts";
import {
  answersOf,
  type Dataset,
  type PairHit,
  type SessionStore,
} from "../pipeline/mod.ts";
import { type HeldNet, unitOf } from "./_net_lab.ts";

/** Characters of a name, and of any other text of a log. */
const NAME = 80, TEXT = 200;

/** A net as the page shows it, with what analysts say by now. */
export async function netView(
  held: HeldNet,
  store: SessionStore,
  dataset: Dataset,
): Promise<NetView> {
  const answers = answersOf(await store.labels(dataset), ["analyst"]);
  const { model, featureSet } = held.net;
  const { review: _, lossCurve, heldOutCurve, ...metrics } = held.metrics ??
    { review: null, lossCurve: [], heldOutCurve: [] };
  return {
    origin: held.origin,
    name: held.name,
    at: held.at,
    featureSet,
    unit: unitOf(featureSet),
    hiddenLayerSizes: model.params.hiddenLayerSizes,
    metrics: held.metrics ? metrics as NonNullable<NetView["metrics"]> : null,
    loss: model.loss,
    lossCurve,
    heldOutCurve,
    heldOut: heldOutOf(held),
    asked: held.asked.rows,
    calls: held.asked.cuts.map(({ threshold, called }) => [threshold, called]),
    pairs: [...held.pairs.values()].map((pair) =>
      pairRow(pair, answers, held.answers)
    ),
    totalPairs: held.totalPairs,
  };
}

/** What it was judged by; a file without it says nothing of the kind. */
function heldOutOf({ metrics }: HeldNet): HeldOut | null {
  const review = metrics?.review;
  if (!review || review.beacons + review.others === 0) return null;
  const { beacons, others, cuts, curve } = review;
  return { beacons, others, cuts, curve };
}

function pairRow(
  pair: PairHit,
  now: ReadonlyMap<string, number>,
  then: ReadonlyMap<string, number>,
): PairRow {
  const { subject, sessions, uids: _, ...rest } = pair;
  return {
    ...rest,
    src: cut(visible(subject.src), NAME),
    dst: destinationOf(pair),
    uid: String(sessions[0].fields.uid ?? ""),
    answer: answerOf(pair, now),
    learned: answerOf(pair, then),
  };
}

function destinationOf({ subject }: PairHit): string {
  const { name, dst, port } = subject;
  const to = cut(visible(name ?? dst), NAME);
  return port === null || port === 80 || to.endsWith(`:${port}`)
    ? to
    : `${to}:${port}`;
}

/** An answer labels all sessions of a pair: the first one tells. */
function answerOf(
  { uids }: PairHit,
  answers: ReadonlyMap<string, number>,
): Answer | null {
  const label = uids.length > 0 ? answers.get(uids[0]) : undefined;
  return label === undefined ? null : label === 1 ? "beacon" : "benign";
}

/** The likeliest sessions of a pair. */
export function sessionRows({ sessions }: PairHit): SessionRow[] {
  return sessions.map(({ probability, fields }) => {
    const { uid, ts, ...rest } = fields;
    return {
      uid: String(uid ?? ""),
      probability,
      ts: Number(ts),
      fields: Object.fromEntries(
        Object.entries(rest).map(([name, value]) => [
          visible(name),
          typeof value === "string" ? cut(visible(value), TEXT) : value,
        ]),
      ),
    };
  });
}
