import { time, zoneName } from "../../islands/_format.ts";
import { cut, visible } from "../../islands/_visible.ts";
import type { DatasetSummary, HostMark } from "../../pipeline/mod.ts";

/** Characters that are shown of a tag, and of a note. */
const TAG = 60, NOTE = 4000;

/** What a host is tagged as. */
export function Tags({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null;
  return (
    <span class="tags">
      {tags.map((tag) => (
        <span key={tag} class="tag">{cut(visible(tag), TAG)}</span>
      ))}
    </span>
  );
}

interface Props {
  readonly dataset: DatasetSummary;
  readonly mark: HostMark;
  readonly url: URL;
}

/** What people say of a host: plain forms, each answer with its undo. */
export function HostNotes({ dataset, mark, url }: Props) {
  const hidden = (
    <>
      <input type="hidden" name="dataset" value={dataset.name} />
      <input type="hidden" name="address" value={mark.address} />
    </>
  );
  const removed = url.searchParams.get("removed");
  const tagged = url.searchParams.get("tagged");
  return (
    <section class="panel" aria-labelledby="notes">
      <header>
        <h2 id="notes">Notes and tags</h2>
        <span class="small soft">of this host in this dataset</span>
      </header>
      {removed === null || !/^\d{1,15}$/.test(removed) ? null : (
        <form
          class="row"
          action={`/api/hosts/notes/${removed}`}
          method="post"
        >
          {hidden}
          <input type="hidden" name="removed" value="false" />
          <p role="status">The note is removed.</p>
          <button type="submit">Undo</button>
        </form>
      )}
      {tagged === null
        ? null
        : (
          <form class="row" action="/api/hosts/tags" method="post">
            {hidden}
            <input type="hidden" name="tags" value={tagged} />
            <p role="status">
              The tags are changed; before:{" "}
              {cut(visible(tagged), 200) || "none"}.
            </p>
            <button type="submit">Undo</button>
          </form>
        )}
      {mark.notes.length === 0 ? null : (
        <ol class="notes">
          {mark.notes.toReversed().map(({ id, at, who, text }) => (
            <li key={id}>
              <p class="small soft">
                {time(at, "min")} {zoneName()}
                {who ? `, ${cut(visible(who), 80)}` : ""}
              </p>
              <p class="said">{cut(visible(text), NOTE)}</p>
              <form action={`/api/hosts/notes/${id}`} method="post">
                {hidden}
                <input type="hidden" name="removed" value="true" />
                <button type="submit">
                  Remove<span class="sr">
                    {` the note of ${time(at, "min")}`}
                  </span>
                </button>
              </form>
            </li>
          ))}
        </ol>
      )}
      <form class="fields" action="/api/hosts/note" method="post">
        {hidden}
        <label for="note">Note</label>
        <textarea id="note" name="text" rows={2} maxlength={NOTE} required />
        <div class="whole">
          <button type="submit">Add the note</button>
        </div>
      </form>
      <form class="fields" action="/api/hosts/tags" method="post">
        {hidden}
        <label for="tags">Tags</label>
        <div class="with">
          <input
            id="tags"
            name="tags"
            value={mark.tags.join(", ")}
            placeholder="printer, floor 2"
            autocomplete="off"
          />
          <button type="submit">Keep the tags</button>
        </div>
      </form>
    </section>
  );
}
