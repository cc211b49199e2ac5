import { type BenignList, LIFT_DOCS } from "../../pipeline/mod.ts";

/** A class, of pairs or of look-ups. */
export type AnyClass =
  | BenignList["pairs"][number]
  | BenignList["lookups"][number];

/** "port and clock-sized, at least 2 signals": when a class fits. */
export function fitsWhen(known: AnyClass): string {
  const parts = [known.must.join(" and ")];
  if (known.oneOf) parts.push(known.oneOf.join(" or "));
  const text = parts.filter(Boolean).join("; ");
  return "needs" in known ? `${text}; at least ${known.needs} signals` : text;
}

/** "its certificate is self-signed, or it sends far more …": what lifts its cap. */
export function liftedWhen(known: AnyClass): string {
  if (!("needs" in known)) return "";
  const lifts = known.liftedBy ?? Object.keys(LIFT_DOCS);
  return lifts.map((lift) => LIFT_DOCS[lift as keyof typeof LIFT_DOCS])
    .join(", or ");
}

/** "at most low, −2": what a class does to a score. */
export function doesWhat({ cap, effect }: AnyClass): string {
  if (effect === 0) return "only a label";
  const down = `−${Math.abs(effect)}`;
  return cap === "critical" ? down : `at most ${cap}, ${down}`;
}
