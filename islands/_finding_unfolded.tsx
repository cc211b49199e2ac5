import { useEffect, useState } from "preact/hooks";
import type {
  FindingDetail,
  FindingRowView,
  MarkChange,
} from "./_finding_api.ts";
import { detailOf, type Of } from "./_finding_calls.ts";
import { span, time, zoneName } from "./_format.ts";
import { cut, visible } from "./_visible.ts";

/** Characters of the other keys that a row shows; its page has them all. */
const ALSO_LENGTH = 400;
const VERDICTS = ["malicious", "benign", "unsure"] as const;

interface Props {
  readonly of: Of;
  readonly row: FindingRowView;
  set(change: MarkChange): void;
}

/** Under a row: when it happened, three reasons each way, and the answers. */
export function Unfolded({ of, row, set }: Props) {
  const { best } = row;
  const [detail, setDetail] = useState<FindingDetail | null>(null);
  const [error, setError] = useState("");
  const [tries, setTries] = useState(0);
  useEffect(() => {
    let here = true;
    setError("");
    detailOf(of, best.id).then(
      (found) => here && setDetail(found),
      (reason) => here && setError(reason.message),
    );
    return () => {
      here = false;
    };
  }, [best.id, tries]);
  return (
    <section class="unfolded" aria-label="The row's reasons">
      {error === "" ? null : (
        <p role="alert" class="wrong row">
          Cannot show the reasons of this row: {visible(error)}
          <button type="button" onClick={() => setTries(tries + 1)}>
            Retry
          </button>
        </p>
      )}
      {best.alsoSeenAs.length === 0 ? null : (
        <p class="also">
          <b>Also seen as</b>{" "}
          {cut(visible(best.alsoSeenAs.join(" · ")), ALSO_LENGTH)}
        </p>
      )}
      {detail !== null
        ? <Told detail={detail} />
        : error === ""
        ? <Skeleton />
        : null}
      <Answers row={row} set={set} />
    </section>
  );
}

/** As high as what comes in its place, so that nothing jumps. */
function Skeleton() {
  return (
    <div class="skeleton" role="status" aria-busy="true">
      <span class="sr">Loading the reasons…</span>
      <i class="bar tall" />
      <i class="bar" />
      <i class="bar short" />
    </div>
  );
}

function Told({ detail: d }: { detail: FindingDetail }) {
  return (
    <>
      <svg
        class="ticks"
        viewBox="0 0 2000 22"
        preserveAspectRatio="none"
        role="img"
        aria-label={`check-ins from ${span(d.from, d.to)} ${zoneName()}`}
      >
        <path d={d.timeline} />
      </svg>
      <div class="sides">
        <Side title="For" texts={d.for} />
        <Side title="Against" texts={d.against} />
      </div>
      {d.notes.length === 0 ? null : (
        <ul class="notes">
          {d.notes.map((note) => (
            <li key={note.at}>
              <span class="soft">{time(note.at, "min")}</span>{" "}
              {visible(note.text)}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Side({ title, texts }: { title: string; texts: readonly string[] }) {
  return (
    <div>
      <h2>{title}</h2>
      {texts.length === 0
        ? <p class="soft">nothing</p>
        : <ul>{texts.map((text) => <li key={text}>{visible(text)}</li>)}</ul>}
    </div>
  );
}

function Answers({ row: { best: { mark } }, set }: Omit<Props, "of">) {
  return (
    <div class="row answers">
      <span class="seg" role="group" aria-label="Verdict">
        {VERDICTS.map((verdict, i) => (
          <button
            key={verdict}
            type="button"
            aria-pressed={mark.verdict === verdict}
            onClick={() =>
              set({ verdict: mark.verdict === verdict ? null : verdict })}
          >
            {verdict} <kbd>{i + 1}</kbd>
          </button>
        ))}
      </span>
      <span class="seg" role="group" aria-label="Regular">
        {[true, false].map((regular) => (
          <button
            key={String(regular)}
            type="button"
            aria-pressed={mark.regular === regular}
            onClick={() =>
              set({ regular: mark.regular === regular ? null : regular })}
          >
            {regular ? "beacon" : "not a beacon"}{" "}
            <kbd>{regular ? "c" : "r"}</kbd>
          </button>
        ))}
      </span>
      <Said
        label="Owner"
        value={mark.owner ?? ""}
        say={(owner) => set({ owner })}
      />
      <Said
        label="Tags"
        value={mark.tags.join(", ")}
        say={(text) =>
          set({
            tags: text.split(",").map((tag) => tag.trim()).filter(Boolean),
          })}
      />
      <Said label="Note" value="" say={(note) => note && set({ note })} />
    </div>
  );
}

/** A field that is sent by Enter. */
function Said(
  { label, value, say }: {
    label: string;
    value: string;
    say(text: string): void;
  },
) {
  return (
    <form
      class="said"
      onSubmit={(event) => {
        event.preventDefault();
        const field = event.currentTarget.elements[0] as HTMLInputElement;
        say(field.value.trim());
        if (value === "") field.value = "";
      }}
    >
      <label>
        {label} <input key={value} defaultValue={value} maxLength={500} />
      </label>
    </form>
  );
}
