import { MISSING, number, short } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type { Finding } from "../../pipeline/mod.ts";
import { LogText } from "./log_text.tsx";

type Evidence = Finding["evidence"][string];

/** Longer lists show their first values, and say how many there are. */
const LISTED = 12;

/** Everything that a detector has measured; other keys stand elsewhere. */
export function EvidenceTable(
  { evidence }: { evidence: Finding["evidence"] },
) {
  return (
    <dl class="measured">
      {Object.entries(evidence).filter(([name]) => name !== "alsoSeenAs").map((
        [name, value],
      ) => (
        <div>
          <dt>{wordsOf(visible(name))}</dt>
          <dd>
            <Value value={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** "shortestInterval" → "shortest interval". */
function wordsOf(name: string): string {
  return name.replace(
    /([a-z])([A-Z])/g,
    (_, a, b) => `${a} ${b.toLowerCase()}`,
  );
}

function Value({ value }: { value: Evidence }) {
  if (value === null || (Array.isArray(value) && value.length === 0)) {
    return <span class="soft">{MISSING}</span>;
  }
  if (typeof value === "number") return <>{short(value)}</>;
  if (typeof value === "boolean") return <>{value ? "yes" : "no"}</>;
  if (typeof value === "string") return <LogText text={value} />;
  const rest = value.length - LISTED;
  const shown = value.slice(0, LISTED).map((v) =>
    typeof v === "number" ? short(v) : v
  );
  return (
    <>
      <LogText text={shown.join(", ")} />
      {rest > 0 ? <span class="soft">and {number(rest)} more</span> : null}
    </>
  );
}
