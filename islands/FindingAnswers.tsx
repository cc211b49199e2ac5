import { useRef, useState } from "preact/hooks";
import type { ListedFinding } from "../pipeline/finding_view.ts";
import type { Mark } from "../pipeline/store/session_store.ts";
import { AuthorLine } from "./_author.tsx";
import type { MarkChange } from "./_finding_api.ts";
import { mark as send, type Of, unsafelist } from "./_finding_calls.ts";
import { hrefOf } from "./_finding_list.tsx";
import { SafelistDialog } from "./_safelist_dialog.tsx";
import { useKeys } from "./_keys.ts";
import { visible } from "./_visible.ts";

interface Props {
  readonly of: Of;
  readonly finding: ListedFinding;
}

const VERDICTS = ["malicious", "benign", "unsure"] as const;

/** The analyst's answers to one finding, by button or key, with undo; a plain form for the verdict. */
export default function FindingAnswers({ of, finding }: Props) {
  const [mark, setMark] = useState<Mark>(finding.mark);
  const [said, setSaid] = useState("");
  const [dialog, setDialog] = useState(false);
  const steps = useRef<(() => Promise<void>)[]>([]);

  const tell = (work: Promise<void>) =>
    work.catch((error: Error) => setSaid(visible(error.message)));
  const set = (change: MarkChange) =>
    tell((async () => {
      const { before, after } = await send(of, {
        ids: [finding.id],
        set: change,
      });
      setMark(after[0].mark);
      setSaid("Kept");
      steps.current.push(async () => {
        setMark((await send(of, { restore: before })).after[0].mark);
      });
    })());
  const undo = () =>
    tell((async () => {
      const step = steps.current.pop();
      await step?.();
      setSaid(step ? "Undone" : "Nothing to undo");
    })());
  const verdict = (value: typeof VERDICTS[number]) =>
    set({ verdict: mark.verdict === value ? null : value });
  const regular = (value: boolean) =>
    set({ regular: mark.regular === value ? null : value });
  const follow = (rel: string) => {
    document.querySelector<HTMLAnchorElement>(`.crumb a[rel=${rel}]`)?.click();
  };
  const keys: Readonly<Record<string, () => unknown>> = {
    c: () => regular(true),
    r: () => regular(false),
    "1": () => verdict("malicious"),
    "2": () => verdict("benign"),
    "3": () => verdict("unsure"),
    s: () => setDialog(true),
    u: undo,
    "[": () => follow("prev"),
    "]": () => follow("next"),
    k: () => follow("prev"),
    j: () => follow("next"),
  };
  useKeys((key) => {
    if (!Object.hasOwn(keys, key)) return false;
    keys[key]();
    return true;
  });
  return (
    <div class="row answers end">
      <form
        method="post"
        action="/api/verdict"
        onSubmit={(event) => event.preventDefault()}
      >
        <input type="hidden" name="finding" value={finding.id} />
        <input type="hidden" name="back" value={hrefOf(of, finding.id)} />
        <span class="seg" role="group" aria-label="Verdict">
          {VERDICTS.map((value, i) => (
            <button
              key={value}
              type="submit"
              name="verdict"
              value={mark.verdict === value ? "" : value}
              aria-pressed={mark.verdict === value}
              onClick={() => verdict(value)}
            >
              {value} <kbd>{i + 1}</kbd>
            </button>
          ))}
        </span>
      </form>
      <span class="seg" role="group" aria-label="Regular">
        {[true, false].map((value) => (
          <button
            key={String(value)}
            type="button"
            aria-pressed={mark.regular === value}
            onClick={() => regular(value)}
          >
            {value ? "beacon" : "not a beacon"} <kbd>{value ? "c" : "r"}</kbd>
          </button>
        ))}
      </span>
      <button type="button" onClick={() => setDialog(true)}>
        Safelist… <kbd>s</kbd>
      </button>
      <button type="button" onClick={undo}>
        Undo <kbd>u</kbd>
      </button>
      <button type="button" onClick={() => print()}>Print</button>
      <AuthorLine answered={steps.current.length > 0} />
      <span role="status" class="soft small">{said}</span>
      {dialog
        ? (
          <SafelistDialog
            of={of}
            finding={finding}
            done={(entry) => {
              setDialog(false);
              if (!entry) return;
              setSaid(`Hidden by entry ${entry.id} of the safelist`);
              steps.current.push(async () => {
                await unsafelist(entry.id);
              });
            }}
          />
        )
        : null}
    </div>
  );
}
