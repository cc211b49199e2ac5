import { useEffect, useRef, useState } from "preact/hooks";
import { AuthorLine } from "./_author.tsx";
import type { FindingPage, MarkChange, Marked } from "./_finding_api.ts";
import {
  addressOf,
  type Asked,
  mark,
  type Of,
  pageOf,
  unsafelist,
} from "./_finding_calls.ts";
import { KeyHelp } from "./_finding_keys.tsx";
import { FindingListView, hrefOf } from "./_finding_list.tsx";
import { Downloads, Hidden, NoRows } from "./_finding_parts.tsx";
import { FindingRows } from "./_finding_rows.ts";
import { plural } from "./_format.ts";
import { LaneTabs } from "./_lanes.tsx";
import { QueryBar } from "./_query_bar.tsx";
import { Rescore } from "./_rescore.tsx";
import { SafelistDialog } from "./_safelist_dialog.tsx";
import { useKeys } from "./_keys.ts";
import { visible } from "./_visible.ts";

interface Props {
  readonly of: Of;
  readonly asked: Asked;
  readonly first: FindingPage;
}

/** Rows of a list's first page. */
const FIRST = 100;
/** Rows that [ and ] go. */
const LEAP = 10;

const ANSWERS: Readonly<Record<string, MarkChange>> = {
  c: { regular: true },
  r: { regular: false },
  "1": { verdict: "malicious" },
  "2": { verdict: "benign" },
  "3": { verdict: "unsure" },
};

/** How a step is taken back. */
interface Step {
  readonly text: string;
  undo(): Promise<void>;
}

/** The findings of a run: query, rows, answers by keyboard, undo. */
export default function Findings({ of, asked: given, first }: Props) {
  const [, redraw] = useState(0);
  const draw = () => redraw((n) => n + 1);
  const make = (asked: Asked, page: FindingPage) =>
    new FindingRows(of, asked, page, draw);
  const [rows, setRows] = useState(() => make(given, first));
  // Keys may come faster than the page is drawn: each starts where the one
  // before has ended, not where the last drawing was.
  const current = useRef(0);
  const setAt = (i: number) => {
    current.current = i;
    draw();
  };
  const at = current.current;
  const [open, setOpen] = useState(-1);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [dialog, setDialog] = useState<"" | "keys" | "safelist">("");
  const [said, setSaid] = useState("");
  /** The list is being asked for; what is shown is the one before. */
  const [busy, setBusy] = useState(false);
  /** What has failed last, to be tried again. */
  const [failed, setFailed] = useState<(() => Promise<void>) | null>(null);
  const steps = useRef<Step[]>([]);
  // One after the other, in the order of the keys.
  const queue = useRef<Promise<void>>(Promise.resolve());
  const { length, asked } = rows;

  const inTurn = (work: () => Promise<void>) => {
    setFailed(null);
    queue.current = queue.current.then(work).catch((error: Error) => {
      setBusy(false);
      setSaid(`That did not work: ${visible(error.message)}`);
      setFailed(() => work);
    });
    return queue.current;
  };
  const reload = async (next: Asked, keep: boolean) => {
    setBusy(true);
    setSaid("");
    const page = await pageOf(of, next, 0, FIRST);
    setBusy(false);
    setRows(make(next, page));
    setChosen(new Set());
    setOpen(-1);
    setAt(keep ? Math.min(current.current, Math.max(0, page.rows - 1)) : 0);
    history.replaceState(null, "", addressOf(of, next));
  };
  const ask = (next: Asked, keep = false) => inTurn(() => reload(next, keep));
  const taken = (step: Step) => {
    steps.current.push(step);
    setSaid(step.text);
  };
  const set = (ids: readonly string[], change: MarkChange) =>
    inTurn(async () => {
      const { before, after } = await mark(of, { ids, set: change });
      rows.patch(after);
      if (change.note) return setSaid("The note is kept");
      taken({
        text: `${plural(ids.length, "finding")}: ${saying(change)}`,
        undo: () => restore(before),
      });
    });
  const restore = async (before: readonly Marked[]) => {
    rows.patch((await mark(of, { restore: before })).after);
  };
  const undo = () =>
    inTurn(async () => {
      const step = steps.current.pop();
      if (!step) return setSaid("Nothing to undo");
      await step.undo();
      setSaid(`Undone: ${step.text}`);
    });
  const idsIn = (wanted: Iterable<number>): string[] =>
    [...wanted].flatMap((row) => rows.get(row)?.ids ?? []);
  const answer = (change: MarkChange) => {
    if (chosen.size > 0) {
      set(idsIn(chosen), change);
      return setChosen(new Set());
    }
    const i = current.current;
    if (rows.get(i)) set(idsIn([i]), change);
    else rows.need(i, i + 1).then(() => set(idsIn([i]), change));
    go(i + 1);
  };
  const go = (to: number) => setAt(Math.max(0, Math.min(length - 1, to)));
  const toggle = (i: number) => {
    const next = new Set(chosen);
    if (!next.delete(i)) next.add(i);
    setChosen(next);
  };
  const unfold = (i: number) => {
    setAt(i);
    setOpen(open === i ? -1 : i);
  };
  const nextUndecided = () =>
    inTurn(async () => {
      const found = await rows.undecidedFrom(current.current + 1);
      if (found < 0) setSaid("No undecided row below");
      else setAt(found);
    });
  const best = rows.get(at)?.best;
  const openPage = () => {
    const row = rows.get(current.current);
    if (row) location.href = hrefOf(of, row.best.id);
  };
  const keys: Readonly<Record<string, () => void>> = {
    j: () => go(current.current + 1),
    k: () => go(current.current - 1),
    "[": () => go(current.current - LEAP),
    "]": () => go(current.current + LEAP),
    n: nextUndecided,
    o: () => unfold(current.current),
    x: () => toggle(current.current),
    s: () => best && setDialog("safelist"),
    u: undo,
    "/": () => document.getElementById("q")?.focus(),
    "?": () => setDialog("keys"),
    Enter: openPage,
    ...Object.fromEntries(
      Object.entries(ANSWERS).map(([key, change]) => [
        key,
        () => answer(change),
      ]),
    ),
  };
  useKeys((key) => {
    if (!Object.hasOwn(keys, key)) return false;
    keys[key]();
    return true;
  });
  useEffect(() => {
    document.documentElement.dataset.keys = "ready";
    if (first.partial) {
      inTurn(async () =>
        setRows(make(given, await pageOf(of, given, 0, FIRST)))
      );
    }
  }, []);

  return (
    <>
      <LaneTabs of={of} asked={asked} page={rows.first} ask={ask} />
      <QueryBar of={of} asked={asked} page={rows.first} ask={ask} />
      <div class="row tools">
        <span role="status" class="said-line">
          {said !== "" ? said : busy ? "Searching…" : told(rows.first)}
        </span>
        {failed === null
          ? null
          : <button type="button" onClick={() => inTurn(failed)}>Retry</button>}
        <button
          type="button"
          onClick={undo}
          disabled={steps.current.length < 1}
        >
          Undo <kbd>u</kbd>
        </button>
        <button type="button" onClick={() => setDialog("keys")}>
          Keys <kbd>?</kbd>
        </button>
        <AuthorLine answered={steps.current.length > 0} />
        <Downloads of={of} asked={asked} />
        <Rescore of={of} />
      </div>
      {length === 0
        ? <NoRows asked={asked} page={rows.first} />
        : (
          <FindingListView
            {...{ of, rows, at, chosen, open, busy, toggle, unfold }}
            pick={setAt}
            set={(i, change) => set(rows.get(i)?.ids ?? [], change)}
          />
        )}
      <Hidden
        page={rows.first}
        show={() => ask({ ...asked, query: "is:hidden" })}
      />
      {dialog === "keys" ? <KeyHelp close={() => setDialog("")} /> : null}
      {dialog === "safelist" && best
        ? (
          <SafelistDialog
            of={of}
            finding={best}
            done={(entry) => {
              setDialog("");
              if (!entry) return;
              inTurn(async () => {
                await reload(asked, true);
                taken({
                  text: `hidden by entry ${entry.id} of the safelist`,
                  undo: async () => {
                    await unsafelist(entry.id);
                    await reload(asked, true);
                  },
                });
              });
            }}
          />
        )
        : null}
    </>
  );
}

function saying({ verdict, regular, owner, tags }: MarkChange): string {
  if (verdict !== undefined) return verdict ?? "verdict taken back";
  if (regular !== undefined) {
    return regular === null
      ? "answer taken back"
      : regular
      ? "beacon"
      : "not a beacon";
  }
  if (owner !== undefined) {
    return owner ? `owner ${visible(owner)}` : "no owner";
  }
  return tags && tags.length > 0
    ? `tags ${visible(tags.join(", "))}`
    : "no tags";
}

function told({ partial, rows, findings, undecided }: FindingPage): string {
  if (partial) {
    return `The first ${plural(rows, "row")}; reading all ${
      plural(findings, "finding")
    }…`;
  }
  return `${plural(rows, "row")}, ${plural(findings, "finding")}, ` +
    `${undecided} undecided`;
}
