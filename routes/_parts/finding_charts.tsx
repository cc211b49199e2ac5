import {
  bytes,
  duration,
  number,
  plural,
  zoneName,
} from "../../islands/_format.ts";
import {
  type Chance,
  type RankedFinding,
  wording,
} from "../../pipeline/mod.ts";
import { HourMap } from "./hours.tsx";
import { PhasePlot, resultant } from "./phase.tsx";
import { PlainHistogram } from "./plain_histogram.tsx";

/** Check-ins that a rhythm needs to be worth a picture. */
const LEAST = 5;

/** By hour, folded at the period, against chance, sizes: what there is of it. */
export function FindingCharts(
  { finding: f, chance, durations }: {
    finding: RankedFinding;
    chance: Chance | null;
    /** Seconds of the connections whose records are there, ascending. */
    durations: Float64Array;
  },
) {
  const { ts } = f.series;
  const period = f.evidence.period;
  return (
    <>
      {ts.length < 2 ? null : (
        <section class="panel w6">
          <header>
            <h2>By hour</h2>
            <span class="small soft">check-ins per hour, {zoneName()}</span>
          </header>
          <HourMap ts={ts} />
        </section>
      )}
      {chance ? <AgainstChance finding={f} chance={chance} /> : null}
      {ts.length >= LEAST && typeof period === "number" && period > 0
        ? (
          <section class="panel w6">
            <header>
              <h2>Folded at the period</h2>
              <span class="small soft">time runs down</span>
            </header>
            <PhasePlot ts={ts} period={period} />
            <p class="note">
              A wall clock would draw one upright line (R near 1). Here R ={" "}
              {resultant(ts, period).toFixed(2)}: {resultant(ts, period) > 0.5
                ? "the check-ins keep to a clock."
                : "the phase wanders, as where each wait starts at the last check-in."}
            </p>
          </section>
        )
        : null}
      <Varying
        title="Sizes"
        values={f.series.bytes.filter((value) => !Number.isNaN(value)).sort()}
        unit="bytes sent by the source"
        format={bytes}
      />
      <Varying
        title="Durations"
        values={durations}
        unit="length of a connection"
        format={duration}
      />
    </>
  );
}

function AgainstChance(
  { finding: { evidence }, chance: { observed, trials, asRegular } }: {
    finding: RankedFinding;
    chance: Chance;
  },
) {
  const most = Math.max(observed, trials[trials.length - 1]) * 1.05 || 1;
  const { log10q, pairsTested } = evidence;
  return (
    <section class="panel w6">
      <header>
        <h2>Could it be chance?</h2>
        <span class="small soft">{plural(trials.length, "trial")}</span>
      </header>
      <PlainHistogram
        values={trials}
        range={[0, most]}
        mark={{ at: observed, text: `observed ${observed.toFixed(3)}` }}
        label={`regularity of ${
          number(trials.length)
        } random trials; observed ${observed.toFixed(3)}`}
        unit="MAD ÷ median of the waits"
        format={(value) => number(value, 2)}
      />
      <p class="note">
        Each trial puts as many check-ins at random times into each hour.{" "}
        <b>
          {asRegular === 0 ? "None" : number(asRegular)} of{" "}
          {number(trials.length)} is as regular.
        </b>{" "}
        {typeof log10q === "number" && typeof pairsTested === "number"
          ? chanceText(log10q, pairsTested)
          : ""}
      </p>
    </section>
  );
}

function chanceText(log10q: number, tested: number): string {
  const after = `after correction for ${plural(tested, "pair")}.`;
  return log10q > -1
    ? `The detector calls it no more regular than chance ${after}`
    : `The detector's own test: ${wording.fewerThan(log10q)} ${after}`;
}

/** Only where the values vary: one value is said in the facts. */
function Varying(
  { title, values, unit, format }: {
    title: string;
    /** Ascending. */
    values: Float64Array;
    unit: string;
    format: (value: number) => string;
  },
) {
  const least = values[0], most = values[values.length - 1];
  if (values.length < LEAST || least === most) return null;
  return (
    <section class="panel w6">
      <header>
        <h2>{title}</h2>
        <span class="small soft">{plural(values.length, "connection")}</span>
      </header>
      <PlainHistogram
        values={values}
        range={[least, most + (most - least) * 0.001]}
        label={`${title.toLowerCase()} between ${format(least)} and ${
          format(most)
        }`}
        unit={unit}
        format={format}
      />
    </section>
  );
}
