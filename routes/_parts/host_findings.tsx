import { number, plural, time } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary, RankedFinding } from "../../pipeline/mod.ts";

/** A note of a finding. */
export interface FindingNote {
  readonly about: RankedFinding;
  readonly at: number;
  readonly text: string;
}

interface Props {
  readonly dataset: DatasetSummary;
  /** Of the last run, as source or destination. */
  readonly findings: readonly RankedFinding[];
  /** On these findings, newest first. */
  readonly notes: readonly FindingNote[];
}

/** What was found of a host, and what people say of that. */
export function HostFindings({ dataset, findings }: Props) {
  const query = new URLSearchParams({ dataset: dataset.name });
  return (
    <section class="panel pad0" aria-labelledby="findings">
      <header>
        <h2 id="findings">{plural(findings.length, "finding")}</h2>
        <span class="small soft">of the last run, best first</span>
      </header>
      {findings.length === 0
        ? (
          <p class="inset soft">
            The last run lists none that names this host.
          </p>
        )
        : (
          <div class="scroll" tabIndex={0} role="region" aria-label="Findings">
            <table class="blocks">
              <thead>
                <tr>
                  <th scope="col">Finding</th>
                  <th scope="col">Detector</th>
                  <th scope="col" class="num">Score</th>
                  <th scope="col">Verdict</th>
                </tr>
              </thead>
              <tbody>
                {findings.map((finding) => (
                  <tr key={finding.id}>
                    <td class="wrap">
                      <a href={`/findings/${finding.id}?${query}`}>
                        {cut(visible(finding.summary), 240)}
                      </a>
                    </td>
                    <td>{finding.detector}</td>
                    <td class="num" data-k="score">
                      {number(finding.score, 2)}
                    </td>
                    <td>{finding.verdict ?? "none yet"}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
    </section>
  );
}

/** What people say of the findings. */
export function FindingNotes(
  { notes, dataset }: Props,
) {
  if (notes.length === 0) return null;
  const query = new URLSearchParams({ dataset: dataset.name });
  return (
    <section class="panel" aria-labelledby="findingnotes">
      <header>
        <h2 id="findingnotes">Notes on its findings</h2>
        <span class="small soft">newest first</span>
      </header>
      <dl class="kv">
        {notes.map((note, i) => (
          <div key={i} class="contents">
            <dt>{time(note.at, "min")}</dt>
            <dd>
              {cut(visible(note.text), 1000)}{" "}
              <a href={`/findings/${note.about.id}?${query}`}>the finding</a>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
