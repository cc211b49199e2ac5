import { fixed, number, plural } from "./_format.ts";
import type { NetView } from "./_net.ts";
import {
  bestStep,
  callsAt,
  chance,
  cutAt,
  type Rates,
  ratesOf,
  STEPS,
  thresholdAt,
} from "./_net_cuts.ts";

/** Where "beacon" begins, and what that costs on what was held out. */
export function ThresholdPanel(
  { view, step, onChange }: {
    view: NetView;
    /** See `thresholdAt`. */
    step: number;
    onChange: (step: number) => void;
  },
) {
  const { heldOut } = view;
  const threshold = thresholdAt(step);
  const rates = heldOut && ratesOf(heldOut, cutAt(heldOut.cuts, threshold));
  return (
    <section class="panel w5">
      <header>
        <h2>
          Threshold <span class="accent">{chance(threshold)}</span>
        </h2>
        <span class="small soft" role="status">
          {plural(callsAt(view, threshold), view.unit)} of {number(view.asked)}
          {" "}
          called beacons
        </span>
      </header>
      <input
        id="threshold"
        class="slider"
        type="range"
        min={-STEPS}
        max={STEPS}
        step="1"
        value={step}
        aria-label="Threshold"
        aria-valuetext={chance(threshold)}
        onInput={(e) => onChange(Number(e.currentTarget.value))}
      />
      {rates && heldOut
        ? (
          <div class="row">
            <span>
              Precision <b id="precision">{fixed(rates.precision, 3)}</b>
            </span>
            <span>
              Recall <b id="recall">{fixed(rates.recall, 3)}</b>
            </span>
            <span>
              F₁ <b>{fixed(rates.f1, 3)}</b>
            </span>
            <button
              type="button"
              onClick={() => onChange(bestStep(heldOut))}
            >
              Set to best F₁
            </button>
          </div>
        )
        : null}
      <p class="note">{splitSentence(view)}</p>
    </section>
  );
}

function splitSentence({ metrics, heldOut, origin, unit }: NetView): string {
  if (!metrics) {
    return "The file of this net does not say how it did when it was trained.";
  }
  const { train, test, split, sharedPairs, unlabelled } = metrics;
  const parts = `Learned from ${plural(train.rows, unit)} of ${
    plural(train.pairs, "pair")
  }, ${number(train.beacons)} of them beacons; ${
    heldOut
      ? `judged by ${plural(test.rows, unit)} of ${
        plural(test.pairs, "pair")
      } held out`
      : "nothing was held out"
  }, split ${split}.`;
  const careful = sharedPairs > 0
    ? ` ${plural(sharedPairs, "pair has", "pairs have")} ${unit}s on both ` +
      "sides, which flatters the net: a train share below 1 splits by pair."
    : "";
  const open = unlabelled > 0 && origin === "trained"
    ? ` ${plural(unlabelled, unit)} without a label, listed below, too.`
    : "";
  return parts + careful + open;
}

/** Rights and wrongs of a threshold on what was held out. */
export function ConfusionPanel(
  { view: { heldOut, unit }, threshold }: {
    view: NetView;
    threshold: number;
  },
) {
  const rates = heldOut && ratesOf(heldOut, cutAt(heldOut.cuts, threshold));
  return (
    <section class="panel w4">
      <header>
        <h2>Confusion</h2>
        <span class="small soft">held-out {unit}s</span>
      </header>
      {rates
        ? <Matrix rates={rates} />
        : <p class="note">Nothing was held out to judge the net by.</p>}
    </section>
  );
}

function Matrix({ rates }: { rates: Rates }) {
  const cell = (id: string, count: number, word: string, right: boolean) => (
    <td class={right ? "ok" : undefined}>
      <span id={id}>{number(count)}</span>
      <small>{word}</small>
    </td>
  );
  return (
    <table class="cm">
      <thead>
        <tr>
          <td />
          <th scope="col">said beacon</th>
          <th scope="col">said benign</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">is beacon</th>
          {cell("tp", rates.truePositives, "found", true)}
          {cell("fn", rates.falseNegatives, "missed", false)}
        </tr>
        <tr>
          <th scope="row">is benign</th>
          {cell("fp", rates.falsePositives, "false alarms", false)}
          {cell("tn", rates.trueNegatives, "left alone", true)}
        </tr>
      </tbody>
    </table>
  );
}
