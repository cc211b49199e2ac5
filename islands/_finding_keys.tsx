import { useEffect, useRef } from "preact/hooks";

const KEYS: readonly (readonly [string, string])[] = [
  ["/", "go to the query"],
  ["j k", "next, previous row"],
  ["[ ]", "ten rows back, on"],
  ["n", "next undecided row"],
  ["Enter", "open the finding"],
  ["o", "reasons of the row"],
  ["x", "select the row"],
  ["c r", "beacon, not a beacon"],
  ["1 2 3", "malicious, benign, unsure"],
  ["s", "safelist"],
  ["u", "undo"],
  ["t", "light or dark"],
];

export function KeyHelp({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="panel"
      aria-labelledby="keys-title"
      onClose={close}
    >
      <h2 id="keys-title">Keys</h2>
      <dl class="kv">
        {KEYS.map(([keys, text]) => (
          <>
            <dt>{keys.split(" ").map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{text}</dd>
          </>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
