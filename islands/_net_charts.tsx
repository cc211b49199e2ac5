import { ticks } from "d3-array";
import { fixed, number, percent, short } from "./_format.ts";
import { type Axis, type Line, LineChart } from "./_line_chart.tsx";
import { chance, cutAt, ratesOf } from "./_net_cuts.ts";
import type { HeldOut, SavedNet } from "./_net.ts";

interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

/**
 * The loss of the training under way or of the net that is shown, and of kept
 * nets to compare with.
 *
 * @param nIter iterations that `values` stands for: a kept curve is thinned.
 */
export function LossPanel(
  { values, nIter, live, compared }: {
    values: readonly number[];
    nIter: number;
    live: boolean;
    compared: readonly SavedNet[];
  },
) {
  const own: Curve[] = values.length > 0
    ? [{ name: live ? "now" : "train", values }]
    : [];
  const curves = [
    ...own,
    ...compared.filter(({ lossCurve }) => lossCurve.length > 0)
      .map(({ name, lossCurve }) => ({ name, values: lossCurve })),
  ];
  const most = Math.max(2, nIter, ...curves.map((c) => c.values.length));
  const highest = Math.max(0, ...curves.flatMap((c) => c.values)) || 1;
  const last = values.at(-1);
  return (
    <section class="panel w5" aria-busy={live}>
      <header>
        <h2>Loss</h2>
        <span class="small soft">mean log loss and penalty</span>
      </header>
      <LineChart
        label={last === undefined
          ? "No training yet"
          : `Training loss falls from ${short(values[0])} to ${short(last)}`}
        x={lossAxis(1, most, "iteration")}
        y={lossAxis(0, highest, "loss")}
        lines={curves.map((curve, i) => lossLine(curve, i, nIter, own.length))}
        empty={curves.length === 0 ? "Train a net to see its loss." : undefined}
      />
      <p class="note">{lossSentence(values, nIter, live)}</p>
    </section>
  );
}

function lossAxis(from: number, to: number, name: string): Axis {
  const marks = ticks(from, to, 5).filter((t) => from === 0 || t % 1 === 0);
  const places = Math.max(0, Math.min(6, 2 - Math.floor(Math.log10(to || 1))));
  return {
    from,
    to,
    ticks: marks,
    format: (value) => from === 0 ? number(value, places) : number(value),
    name,
  };
}

function lossLine(
  { name, values }: Curve,
  i: number,
  nIter: number,
  own: number,
): Line {
  const span = i < own ? Math.max(nIter, values.length) : values.length;
  const step = values.length > 1 ? (span - 1) / (values.length - 1) : 0;
  return {
    points: values.map((value, k) => [1 + k * step, value]),
    tone: `l${i % 8}`,
    label: `${name} ${short(values[values.length - 1])}`,
  };
}

function lossSentence(
  values: readonly number[],
  nIter: number,
  live: boolean,
): string {
  const last = values.at(-1);
  if (live) {
    return last === undefined
      ? "Waiting for the first iteration."
      : `${number(nIter)} iterations so far, loss ${short(last)}.`;
  }
  if (last === undefined) return "The curve is drawn while a net learns.";
  return `From ${short(values[0])} to ${short(last)} in ${
    number(nIter)
  } iterations.`;
}

const SHARE = { from: 0, to: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
const format = (value: number) => number(value, 2);

/** Precision against recall on what was held out, and where the threshold is. */
export function CurvePanel(
  { heldOut, threshold, averagePrecision }: {
    heldOut: HeldOut | null;
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
              {number(heldOut.beacons + heldOut.others)} held-out sessions,{" "}
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
