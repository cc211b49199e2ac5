import type { FindingPage } from "./_finding_api.ts";
import type { Asked, Of } from "./_finding_calls.ts";
import { plural } from "./_format.ts";
import { visible } from "./_visible.ts";

/** The list's findings as files. */
export function Downloads({ of, asked }: { of: Of; asked: Asked }) {
  const href = (format: string) =>
    `/api/findings/download?${new URLSearchParams({
      format,
      dataset: of.dataset,
      run: String(of.run),
      q: asked.query,
    })}`;
  return (
    <span class="seg">
      <a class="button" href={href("csv")} download>CSV</a>
      <a class="button" href={href("json")} download>JSON</a>
    </span>
  );
}

/** Why the list is empty. */
export function NoRows({ asked, page }: { asked: Asked; page: FindingPage }) {
  const hidden = page.hidden.reduce((n, { findings }) => n + findings, 0);
  return (
    <section class="state">
      <h2>No finding fits</h2>
      <p>
        {asked.query === ""
          ? "All findings of this run are hidden by the safelist."
          : "The query leaves nothing of this run."} {hidden > 0
          ? `The safelist hides ${
            plural(hidden, "finding")
          }; is:any lists them, too.`
          : ""}
      </p>
    </section>
  );
}

/** What each entry of the safelist keeps out of the list. */
export function Hidden({ page, show }: { page: FindingPage; show(): void }) {
  if (page.hidden.length === 0) return null;
  return (
    <section class="panel hidden-by">
      <header>
        <h2>Hidden by the safelist</h2>
        <button type="button" onClick={show}>Show them</button>
      </header>
      <ul>
        {page.hidden.map(({ id, text, findings, severe }) => (
          <li key={id}>
            {visible(text)}{" "}
            <span class="soft">
              hides {plural(findings, "finding")}, {severe} high or critical
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
