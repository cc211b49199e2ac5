import {
  bytes,
  duration,
  MISSING,
  percent,
  short,
} from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import { REASON_WORDS } from "./reason_words.ts";
import type { Reason } from "../../pipeline/mod.ts";

/** What speaks for and against, strongest first, with its share of the score. */
export function ReasonTable({ reasons }: { reasons: readonly Reason[] }) {
  const most = Math.max(...reasons.map((r) => Math.abs(r.effect)), 1e-9);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Reasons">
      <table class="reasons">
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Reason</th>
            <th scope="col" class="num">Value</th>
            <th scope="col" class="effect">
              <span class="axis">
                <span>against</span>
                <span>for</span>
              </span>
            </th>
            <th scope="col" class="num">Log-odds</th>
          </tr>
        </thead>
        <tbody>
          {reasons.map((reason) => (
            <tr key={reason.name}>
              <th scope="row">{visible(reason.name)}</th>
              <td>
                {visible(reason.text)}
                {REASON_WORDS[reason.name] === undefined
                  ? null
                  : <small class="how">{REASON_WORDS[reason.name]}</small>}
              </td>
              <td class="num">{valueOf(reason)}</td>
              <td class="effect">
                <EffectBar share={reason.effect / most} />
              </td>
              <td class="num">{signed(reason.effect)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** From the middle: to the right for, to the left against. */
function EffectBar({ share }: { share: number }) {
  const width = Math.min(Math.abs(share), 1) * 48;
  return (
    <svg
      class="bar2"
      viewBox="0 0 100 10"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="t" x="0" y="4.5" width="100" height="1" />
      <rect
        class={share < 0 ? "against" : "for"}
        x={share < 0 ? 50 - width : 50}
        y="1"
        width={width}
        height="8"
      />
      <rect class="zero" x="49.7" y="0" width="0.6" height="10" />
    </svg>
  );
}

export function signed(effect: number): string {
  if (effect === 0) return "0";
  return (effect > 0 ? "+" : "−") + Math.abs(effect).toFixed(2);
}

function valueOf({ value, unit }: Reason): string {
  if (value === null) return MISSING;
  return quantity(value, unit);
}

/** A measured value with its unit; text is left as it is. */
export function quantity(value: number | string, unit: string): string {
  if (typeof value === "string") return visible(value);
  if (unit === "s") return duration(value);
  if (unit === "B") return bytes(value);
  if (unit === "share") return percent(value);
  return unit === "" ? short(value) : `${short(value)}\u00a0${visible(unit)}`;
}
