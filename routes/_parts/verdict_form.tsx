import type { RankedFinding, Verdict } from "../../pipeline/mod.ts";

export const VERDICTS: readonly Verdict[] = ["malicious", "benign", "unsure"];

/** The analyst's answer; pressing it again takes it back. */
export function VerdictForm(
  { finding, back }: { finding: RankedFinding; back: string },
) {
  return (
    <form class="end" method="post" action="/api/verdict">
      <input type="hidden" name="finding" value={finding.id} />
      <input type="hidden" name="back" value={back} />
      <span class="soft small" id="verdict">Verdict</span>
      <span class="seg" role="group" aria-labelledby="verdict">
        {VERDICTS.map((verdict) => {
          const given = finding.verdict === verdict;
          return (
            <button
              key={verdict}
              type="submit"
              name="verdict"
              value={given ? "" : verdict}
              aria-pressed={given}
            >
              {verdict}
            </button>
          );
        })}
      </span>
    </form>
  );
}
