import { time, zoneName } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type { Opinion } from "../../pipeline/mod.ts";
import { LogText } from "./log_text.tsx";

/** What people have said of a finding: who, when, and why. */
export function Said({ opinion }: { opinion: Opinion }) {
  const { history, notes, tags, owner } = opinion;
  if (history.length + notes.length + tags.length === 0 && owner === null) {
    return null;
  }
  return (
    <section class="panel w12">
      <header>
        <h2>What was said of it</h2>
        <span class="small soft">times in {zoneName()}</span>
      </header>
      <dl class="kv">
        {owner === null ? null : (
          <>
            <dt>Owner</dt>
            <dd>{visible(owner)}</dd>
          </>
        )}
        {tags.length === 0 ? null : (
          <>
            <dt>Tags</dt>
            <dd>
              {tags.map((tag) => (
                <span key={tag} class="tag">{visible(tag)}</span>
              ))}
            </dd>
          </>
        )}
        {history.map(({ at, who, about, value, why }) => (
          <>
            <dt>{time(at, "min")}</dt>
            <dd>
              {about}: <b>{value === null ? "taken back" : visible(value)}</b>
              {who === "" ? "" : ` by ${visible(who)}`}
              {why === "" ? null : (
                <>
                  : <LogText text={why} />
                </>
              )}
            </dd>
          </>
        ))}
        {notes.map(({ at, text }) => (
          <>
            <dt>{time(at, "min")}</dt>
            <dd>
              note: <LogText text={text} />
            </dd>
          </>
        ))}
      </dl>
    </section>
  );
}
