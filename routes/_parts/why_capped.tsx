import { visible } from "../../islands/_visible.ts";
import {
  type Bands,
  type RankedFinding,
  severityOf,
} from "../../pipeline/mod.ts";
import type { BenignView } from "../_benign.ts";
import { doesWhat, fitsWhen, liftedWhen } from "./benign_words.ts";

/** Why a kind of benign traffic keeps a finding down, or does not. */
export function WhyCapped(
  { finding: f, benign, bands }: {
    finding: RankedFinding;
    benign: BenignView;
    bands?: Bands;
  },
) {
  const reason = f.reasons.find(({ name }) => name === "class");
  if (!reason) return null;
  const classes = f.detector === "c2-over-dns"
    ? benign.list.lookups
    : benign.list.pairs;
  const known = classes.find(({ name }) => name === reason.value);
  const total = f.reasons.reduce((sum, { effect }) => sum + effect, 0);
  const without = 1 / (1 + Math.exp(reason.effect - total));
  const isLifted = reason.effect === 0 && (known?.effect ?? 0) < 0;
  return (
    <section class="panel w12" aria-labelledby="capped">
      <header>
        <h2 id="capped">{isLifted ? "Why it is not capped" : "Why capped"}</h2>
        <span class="small soft">
          <a href="/settings#benign">all classes of benign traffic</a>
        </span>
      </header>
      <p>
        {isLifted
          ? `${visible(reason.text)}: the class changes nothing.`
          : reason.effect === 0
          ? `It is ${visible(reason.text)}. That is a label and lowers nothing.`
          : `It fits ${visible(reason.text)}. Without that its score would be ${
            without.toFixed(2)
          }, ${severityOf(without, bands)}.`}
      </p>
      {known === undefined
        ? (
          <p class="note">
            The class {visible(String(reason.value))}{" "}
            is not on the list any more.
          </p>
        )
        : (
          <dl class="kv">
            <dt>Class</dt>
            <dd>{visible(known.name)}</dd>
            <dt>Fits with</dt>
            <dd>{fitsWhen(known)}</dd>
            <dt>Does</dt>
            <dd>{doesWhat(known)} in log-odds</dd>
            {f.detector === "c2-over-dns" ? null : (
              <>
                <dt>Lifted where</dt>
                <dd>{liftedWhen(known)}</dd>
              </>
            )}
          </dl>
        )}
    </section>
  );
}
