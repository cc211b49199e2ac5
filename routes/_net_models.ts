import type { SavedNet } from "../islands/_net.ts";
import { cut, visible } from "../islands/_visible.ts";
import type { NetMetrics, Review, SessionStore } from "../pipeline/mod.ts";
import { HttpError } from "./_page.ts";

/** Models that the page compares; the newest. */
const LISTED = 20;

/** The kept nets, newest first. */
export async function savedNets(store: SessionStore): Promise<SavedNet[]> {
  const entries = (await store.models()).filter(({ kind }) => kind === "mlp")
    .sort((a, b) => b.createdAt - a.createdAt).slice(0, LISTED);
  const out: SavedNet[] = [];
  for (const { name, createdAt, dataset } of entries) {
    const kept = await store.model(name, "mlp");
    if (kept) {
      out.push(savedNet(name, createdAt, dataset, objectOf(kept.model)));
    }
  }
  return out;
}

type Json = Readonly<Record<string, unknown>>;

function savedNet(
  name: string,
  createdAt: number,
  dataset: string | null,
  document: Json,
): SavedNet {
  const model = objectOf(document.model), metrics = objectOf(document.metrics);
  const scores = objectOf(metrics.scores);
  const sizes = objectOf(model.params).hiddenLayerSizes;
  return {
    name,
    createdAt,
    dataset: cut(visible(dataset ?? ""), 60),
    featureSet: cut(visible(String(document.featureSet)), 40),
    hidden: numbersOf(sizes).join(", "),
    loss: numberOf(metrics.loss ?? model.loss),
    precision: numberOf(scores.precision),
    recall: numberOf(scores.recall),
    f1: numberOf(scores.f1),
    averagePrecision: numberOf(scores.averagePrecision),
    lossCurve: numbersOf(metrics.lossCurve),
  };
}

/** The metrics of a model's document; null where it has none as they are now. */
export function metricsIn(document: unknown): NetMetrics | null {
  const metrics = objectOf(objectOf(document).metrics);
  const parts = [metrics.train, metrics.test].map(objectOf);
  const whole = isReview(metrics.review) && numberOf(metrics.loss) !== null &&
    parts.every((part) =>
      ["rows", "pairs", "beacons"].every((n) => numberOf(part[n]) !== null)
    );
  if (!whole) return null;
  return {
    ...metrics,
    lossCurve: numbersOf(metrics.lossCurve),
    heldOutCurve: numbersOf(metrics.heldOutCurve),
  } as unknown as NetMetrics;
}

/** A file may come from anywhere. */
function isReview(value: unknown): value is Review {
  const { rows, beacons, others, cuts, curve } = objectOf(value);
  const all = (list: unknown, names: readonly string[]) =>
    Array.isArray(list) && list.length <= 2000 &&
    list.every((item) =>
      names.every((name) => numberOf(objectOf(item)[name]) !== null)
    );
  return [rows, beacons, others].every((n) => numberOf(n) !== null) &&
    all(curve, ["recall", "precision"]) && all(cuts, [
      "threshold",
      "truePositives",
      "falsePositives",
      "called",
    ]);
}

function objectOf(value: unknown): Json {
  return typeof value === "object" && value !== null ? value as Json : {};
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function numbersOf(value: unknown): number[] {
  return Array.isArray(value)
    ? value.slice(0, 1000).filter((v) => numberOf(v) !== null)
    : [];
}

/** @throws HttpError 400 for a name that is empty or too long. */
export function modelName(text: string | null): string {
  const name = (text ?? "").trim();
  if (name !== "" && name.length <= 100) return name;
  throw new HttpError(
    400,
    `Cannot keep a net: its name must have 1 to 100 characters, got ${name.length}`,
  );
}

/** "net-3": the next that is free. */
export function freeName(saved: readonly SavedNet[]): string {
  const taken = new Set(saved.map(({ name }) => name));
  let n = 1;
  while (taken.has(`net-${n}`)) n++;
  return `net-${n}`;
}
