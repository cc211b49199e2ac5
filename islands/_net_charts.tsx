import { ticks } from "d3-array";
import { useState } from "preact/hooks";
import { fixed, number, percent, plural, short } from "./_format.ts";
import { type Axis, type Line, LineChart } from "./_line_chart.tsx";
import { chance, cutAt, ratesOf } from "./_net_cuts.ts";
import type { HeldOut, SavedNet } from "./_net.ts";

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
  readonly tone: string;
}

/**
 * The loss of the training under way or of the net that is shown, and of kept
 * nets to compare with.
 *
 * @param nIter iterations that `values` stands for: a kept curve is thinned.
 */
export function LossPanel(
  { values, heldOut, nIter, live, compared }: {
    values: readonly number[];
    /** Likewise of what was held out. */
    heldOut: readonly number[];
    nIter: number;
    live: boolean;
    compared: readonly SavedNet[];
  },
) {
  const own: Curve[] = [
    { name: "train", values, tone: "l0" },
    { name: "held out", values: heldOut, tone: "l0 dashed" },
  ].filter((curve) => curve.values.length > 0);
  const curves = [
    ...own,
    ...compared.filter(({ lossCurve }) => lossCurve.length > 0)
      .map(({ name, lossCurve }, i) => ({
        name,
        values: lossCurve,
        tone: `l${1 + i % 7}`,
      })),
  ];
  const [log, setLog] = useState(false);
  const most = Math.max(2, nIter, ...curves.map((c) => c.values.length));
  const last = values.at(-1);
  return (
    <section class="panel w5" aria-busy={live}>
      <header>
        <h2>Loss</h2>
        <label class="small soft">
          <input
            id="loss-log"
            type="checkbox"
            checked={log}
            onChange={(e) => setLog(e.currentTarget.checked)}
          />log axis
        </label>
      </header>
      <LineChart
        label={last === undefined
          ? "No training yet"
          : `Training loss falls from ${short(values[0])} to ${short(last)}`}
        x={iterationAxis(most)}
        y={lossAxis(curves.flatMap((curve) => curve.values), log)}
        lines={curves.map((curve, i) => lossLine(curve, i, nIter, own.length))}
        mark={live ? undefined : bestOf(heldOut, nIter)}
        empty={curves.length === 0 ? "Train a net to see its loss." : undefined}
      />
      <p class="note">{lossSentence(values, heldOut, nIter, live)}</p>
    </section>
  );
}

function iterationAxis(to: number): Axis {
  const marks = ticks(1, to, 5).filter((t) => t % 1 === 0);
  return {
    from: 1,
    to,
    ticks: marks,
    format: (value) => number(value),
    name: "iteration",
  };
}

/** Mean log loss and penalty: from 0, or by powers of ten. */
function lossAxis(values: readonly number[], log: boolean): Axis {
  const above = values.filter((value) => value > 0);
  const highest = above.length > 0 ? Math.max(...above) : 1;
  if (!log || above.length === 0) {
    return {
      from: 0,
      to: highest,
      ticks: ticks(0, highest, 5),
      format: (value) => number(value, 6),
      name: "loss",
    };
  }
  const [low, high] = [Math.min(...above), highest].map(Math.log10);
  const from = Math.floor(low), to = Math.max(from + 1, Math.ceil(high));
  const step = Math.ceil((to - from) / 5);
  return {
    from: 10 ** from,
    to: 10 ** to,
    ticks: Array.from(
      { length: Math.floor((to - from) / step) + 1 },
      (_, i) => 10 ** (from + i * step),
    ),
    format: (value) => number(value, 9),
    log: true,
    name: "loss, log",
  };
}

function lossLine(
  { name, values, tone }: Curve,
  i: number,
  nIter: number,
  own: number,
): Line {
  const span = i < own ? Math.max(nIter, values.length) : values.length;
  const step = values.length > 1 ? (span - 1) / (values.length - 1) : 0;
  return {
    points: values.map((value, k) => [1 + k * step, value]),
    tone,
    label: `${name} ${short(values[values.length - 1])}`,
  };
}

/** Which value is the lowest, and the iteration that it stands for. */
function lowest(
  values: readonly number[],
  nIter: number,
): { readonly at: number; readonly value: number } | null {
  if (values.length === 0) return null;
  const i = values.indexOf(Math.min(...values));
  const step = values.length > 1 ? (nIter - 1) / (values.length - 1) : 0;
  return { at: Math.round(1 + i * step), value: values[i] };
}

/** Marked where what follows is clearly worse. */
function bestOf(heldOut: readonly number[], nIter: number) {
  const best = lowest(heldOut, nIter);
  if (!best || !isOver(heldOut, best.value)) return undefined;
  return {
    at: [best.at, best.value] as const,
    label: `best, iteration ${number(best.at)}`,
  };
}

function isOver(heldOut: readonly number[], best: number): boolean {
  return heldOut[heldOut.length - 1] > 1.1 * best;
}

function lossSentence(
  values: readonly number[],
  heldOut: readonly number[],
  nIter: number,
  live: boolean,
): string {
  const last = values.at(-1);
  if (live) {
    return last === undefined
      ? "Waiting for the first iteration."
      : `${plural(nIter, "iteration")} so far, loss ${short(last)}.`;
  }
  if (last === undefined) return "The curve is drawn while a net learns.";
  const best = lowest(heldOut, nIter);
  const over = best !== null && isOver(heldOut, best.value);
  return `From ${short(values[0])} to ${short(last)} in ${
    plural(nIter, "iteration")
  }.` + (over
    ? " What was held out does worse after its best iteration: the net " +
      "learns this training set by heart. More pairs, or a larger alpha, " +
      "would help more than more iterations."
    : "");
}

const SHARE = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
const format = (value: number) => number(value, 2);

/** Precision against recall on what was held out, and where the threshold is. */
export function CurvePanel(
  { heldOut, unit, threshold, averagePrecision }: {
    heldOut: HeldOut | null;
    /** What one row is: "request". */
    unit: string;
    threshold: number;
    averagePrecision: number | null;
  },
) {
  const base = heldOut
    ? heldOut.beacons / (heldOut.beacons + heldOut.others)
    : 0;
  const rates = heldOut
    ? ratesOf(heldOut, cutAt(heldOut.cuts, threshold))
    : null;
  const curve = heldOut?.curve ?? [];
  return (
    <section class="panel w4">
      <header>
        <h2>Precision and recall</h2>
        {heldOut
          ? (
            <span class="small soft">
              {number(heldOut.beacons + heldOut.others)} held-out {unit}s,{" "}
              {number(heldOut.beacons)} beacons
            </span>
          )
          : null}
      </header>
      <LineChart
        label={averagePrecision === null || curve.length === 0
          ? "Precision against recall: nothing was held out"
          : `Precision against recall, average precision ${
            fixed(averagePrecision, 2)
          }`}
        x={{ ...SHARE, format, name: "recall" }}
        y={{ ...SHARE, format, name: "precision" }}
        lines={[{
          points: curve.map(({ recall, precision }) => [recall, precision]),
          tone: "l0",
          label: "",
        }]}
        rule={curve.length > 0
          ? { y: base, label: `guessing ${fixed(base, 2)}` }
          : undefined}
        mark={rates && curve.length > 0 && rates.called > 0
          ? {
            at: [rates.recall, rates.precision],
            label: `threshold ${chance(threshold)}`,
          }
          : undefined}
        empty={curve.length === 0 ? emptyCurve(heldOut) : undefined}
      />
      <p class="note">
        {averagePrecision === null || curve.length === 0
          ? "Hold labelled pairs out to judge a net by what it has not seen."
          : `Average precision ${fixed(averagePrecision, 3)}. Guessing would ` +
            `give ${fixed(base, 3)}, the share of beacons (${percent(base)}).`}
      </p>
    </section>
  );
}

function emptyCurve(heldOut: HeldOut | null): string {
  return heldOut === null
    ? "Nothing was held out."
    : "No beacon among what was held out.";
}
