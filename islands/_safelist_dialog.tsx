import { useEffect, useRef, useState } from "preact/hooks";
import type { ListedFinding } from "../pipeline/finding_view.ts";
import type {
  SafelistEntry,
  SafelistKind,
} from "../pipeline/store/session_store.ts";
import type { PreviewAnswer } from "./_finding_api.ts";
import { type Of, preview, safelist } from "./_finding_calls.ts";
import { visible } from "./_visible.ts";

interface Props {
  readonly of: Of;
  readonly finding: ListedFinding;
  done(entry: SafelistEntry | null): void;
}

const KINDS: Readonly<Record<SafelistKind, string>> = {
  pair: "source and destination",
  "source-name": "source and name",
  name: "name, * for any characters",
  address: "address",
  network: "network",
  port: "port",
  ja3: "JA3",
  ja4: "JA4",
  organisation: "organisation",
};

/** What an entry of a kind would say of a finding; "" where it cannot. */
function suggested(kind: SafelistKind, f: ListedFinding): string {
  switch (kind) {
    case "pair":
      return `${f.src} -> ${f.dst}`;
    case "source-name":
      return f.name === null ? "" : `${f.src} -> ${f.name}`;
    case "name":
      return f.name ?? "";
    case "address":
      return f.dst;
    case "network":
      return f.dst.includes(":") ? `${f.dst}/64` : `${f.dst}/24`;
    case "port":
      return f.port === null ? "" : `${f.port}/${f.proto}`;
    case "ja3":
      return f.fingerprints.find((print) => !print.includes("_")) ?? "";
    case "ja4":
      return f.fingerprints.find((print) => print.includes("_")) ?? "";
    case "organisation":
      return f.organisation?.name ?? "";
  }
}

/** Milliseconds after the last key until the preview is asked for. */
const PAUSE = 150;

/** Asks what is harmless and why, and tells how much that would hide. */
export function SafelistDialog({ of, finding, done }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const first: SafelistKind = finding.name === null ? "pair" : "source-name";
  const [kind, setKind] = useState<SafelistKind>(first);
  const [value, setValue] = useState(suggested(first, finding));
  const [reason, setReason] = useState("");
  const [days, setDays] = useState("");
  const [told, setTold] = useState<PreviewAnswer | null>(null);
  const [error, setError] = useState("");
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    const timer = setTimeout(
      () => preview(of, kind, value).then(setTold, (e) => setError(e.message)),
      PAUSE,
    );
    return () => clearTimeout(timer);
  }, [kind, value]);
  const save = async (event: Event) => {
    event.preventDefault();
    try {
      const expires = days === "" ? "" : `${days}d`;
      done(await safelist({ kind, value, reason, expires }));
    } catch (e) {
      setError((e as Error).message);
    }
  };
  return (
    <dialog
      ref={dialog}
      class="panel"
      aria-labelledby="safelist-title"
      onClose={() => done(null)}
    >
      <form onSubmit={save}>
        <h2 id="safelist-title">Hide what is harmless</h2>
        <div class="fields">
          <label>
            By
            <select
              value={kind}
              onChange={(e) => {
                const next = e.currentTarget.value as SafelistKind;
                setKind(next);
                setValue(suggested(next, finding));
              }}
            >
              {Object.entries(KINDS).map(([name, text]) => (
                <option key={name} value={name} selected={name === kind}>
                  {text}
                </option>
              ))}
            </select>
          </label>
          <label>
            Value
            <input
              class="mono"
              value={visible(value)}
              onInput={(e) => setValue(e.currentTarget.value)}
            />
          </label>
          <label>
            Reason
            <input
              value={reason}
              required
              maxLength={500}
              onInput={(e) => setReason(e.currentTarget.value)}
            />
          </label>
          <label>
            For days <span class="soft">(empty: for ever)</span>
            <input
              type="number"
              min="1"
              max="3650"
              value={days}
              onInput={(e) => setDays(e.currentTarget.value)}
            />
          </label>
        </div>
        <p role="status" class="preview">
          {visible(told?.error ?? told?.text ?? "Counting…")}
        </p>
        {told?.warning ? <p class="what">{told.warning}</p> : null}
        {error === ""
          ? null
          : <p role="alert" class="what">{visible(error)}</p>}
        <p class="soft small">
          Hidden where findings are looked at; the logs stay. It comes back when
          its score rises.
        </p>
        <div class="row">
          <button class="primary" type="submit" disabled={told?.error != null}>
            Hide
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
        </div>
      </form>
    </dialog>
  );
}
