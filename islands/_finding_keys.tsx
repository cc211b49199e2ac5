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

/** Calls `press` for keys that nobody is writing with. */
export function useKeys(press: (key: string) => boolean): void {
  const latest = useRef(press);
  latest.current = press;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const { key, target, metaKey, ctrlKey, altKey } = event;
      const at = target as HTMLElement;
      if (metaKey || ctrlKey || altKey) return;
      if (document.querySelector("dialog[open]")) return;
      // A field of a dialog that has just closed keeps the focus for a moment.
      const shown = at.checkVisibility?.() ?? true;
      if (shown && /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName)) {
        const box = at as HTMLInputElement;
        if (key === "Escape") at.blur();
        if (box.type !== "checkbox") return;
      }
      // Links and buttons have their own Enter.
      if (key === "Enter" && /^(A|BUTTON|SUMMARY)$/.test(at.tagName)) return;
      if (latest.current(key)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

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
