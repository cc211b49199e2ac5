import { duration, number } from "../../islands/_format.ts";
import {
  type JitterLaw,
  jitterLaw,
  type RankedFinding,
} from "../../pipeline/mod.ts";
import { beyond, IntervalHistogram } from "./histogram.tsx";
import type { Intervals } from "./intervals.ts";
import { lawText } from "./law_curve.tsx";

/** The law of the waits around the period that the detector has found. */
function lawOf(f: RankedFinding, intervals: Intervals): JitterLaw | null {
  const { period } = f.evidence;
  if (typeof period !== "number" || !(period > 0)) return null;
  const law = jitterLaw(intervals.sorted, period);
  return law.kind === "none" ? null : law;
}

/** How long the waits are, and what law they follow. */
export function Waits(
  { finding, intervals }: { finding: RankedFinding; intervals: Intervals },
) {
  const law = lawOf(finding, intervals);
  return (
    <section class="panel w6">
      <header>
        <h2>Waits between check-ins</h2>
        <span class="small soft">{number(intervals.waits.length)}</span>
      </header>
      <IntervalHistogram intervals={intervals} law={law} />
      <p class="note">
        {beyond(intervals)} {law === null
          ? ""
          : `The line is what the law expects; ${lawText(law, duration)}.`}
      </p>
    </section>
  );
}
