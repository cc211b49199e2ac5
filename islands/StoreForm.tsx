import { useState } from "preact/hooks";
import { plural } from "./_format.ts";
import { post, Refusal } from "./_request.ts";
import { ServerFields } from "./_server_fields.tsx";
import { visible } from "./_visible.ts";

interface Props {
  /** Whether this server can go on with another store. */
  readonly able: boolean;
}

/** What the server says of an address; see `StoreTest` of routes/. */
interface Tested {
  readonly location: string;
  readonly state: "ready" | "empty";
  readonly datasets: number;
}

/** Names a server's store, tests it, and goes on with it. */
export default function StoreForm({ able }: Props) {
  const [said, setSaid] = useState("");
  const [wrong, setWrong] = useState<Refusal | null>(null);
  const [tested, setTested] = useState<Tested | null>(null);
  const [busy, setBusy] = useState(false);

  const ask = async (form: HTMLFormElement, use: boolean) => {
    const fields = Object.fromEntries(new FormData(form));
    setWrong(null);
    setBusy(true);
    try {
      if (use) {
        await post("/api/store/use", fields);
        location.assign("/settings");
        return;
      }
      const answer = await post<Tested>("/api/store/test", fields);
      setTested(answer);
      setSaid(sentenceOf(answer));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      setTested(null);
      setSaid("");
      setWrong(error);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form
      class="fields"
      method="post"
      action="/api/store/use"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        ask(event.currentTarget, able && tested !== null);
      }}
      onInput={() => setTested(null)}
    >
      <ServerFields prefix="store" />
      <p class="hint">
        MySQL 8 or MariaDB 10.11. The password stays in this server's memory
        until it ends; it is not stored, shown or logged.
      </p>
      {said ? <p class="whole good" role="status">{visible(said)}</p> : null}
      {wrong
        ? (
          <p class="whole wrong" role="alert">
            <b>{visible(wrong.message)}</b>
            {wrong.hint ? `. ${visible(wrong.hint)}` : ""}
          </p>
        )
        : null}
      <div class="whole row">
        <button
          type="button"
          id="test"
          disabled={busy}
          onClick={(event) => {
            const { form } = event.currentTarget;
            if (form?.reportValidity()) ask(form, false);
          }}
        >
          Test the connection
        </button>
        {able
          ? (
            <button
              class="primary"
              type="submit"
              disabled={busy || tested === null}
            >
              {tested?.state === "empty"
                ? "Create the tables and use it"
                : "Use this store"}
            </button>
          )
          : null}
      </div>
    </form>
  );
}

function sentenceOf({ state, location, datasets }: Tested): string {
  return state === "empty"
    ? `${location} answers; there is no store in it yet`
    : `${location} answers, with ${plural(datasets, "dataset")}`;
}
