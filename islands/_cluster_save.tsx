import { useState } from "preact/hooks";
import type { ClusterMeta, SavedClusterModel } from "./_cluster_meta.ts";
import { messageOf, postForm } from "./_request.ts";

interface Saved {
  readonly name: string;
  readonly kind: SavedClusterModel["kind"];
  readonly replaced: boolean;
}

/** Keeps the model in the store, under a name for the command line, too. */
export function SaveModel(
  { address, algorithm, onSaved }: {
    address: string;
    algorithm: ClusterMeta["algorithm"];
    onSaved: (model: SavedClusterModel) => void;
  },
) {
  const [said, setSaid] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const save = async (form: HTMLFormElement) => {
    const fields = new URLSearchParams(address);
    fields.set("name", form.querySelector("input")!.value);
    setSaid(null);
    setError(null);
    try {
      const { name, kind, replaced } = await postForm<Saved>(
        "/api/clusters/save",
        fields,
      );
      setSaid(
        `Saved as ${name}${replaced ? ", in place of the old one" : ""}.`,
      );
      onSaved({ name, kind, createdAt: Date.now() / 1000 });
    } catch (e) {
      setError(messageOf(e));
    }
  };
  return (
    <form
      class="panel"
      aria-label="Save the model"
      onSubmit={(event) => {
        event.preventDefault();
        save(event.currentTarget);
      }}
    >
      <div class="field">
        <label for="model-name">Save as</label>
        <input
          id="model-name"
          name="name"
          maxlength={100}
          required
          autocomplete="off"
          defaultValue={algorithm}
          aria-describedby="model-name-hint"
        />
        <p class="hint" id="model-name-hint">
          on the command line <code>--load-model @NAME</code>
        </p>
      </div>
      <div class="row">
        <button type="submit">Save model</button>
        <span role="status" class="small">{said}</span>
      </div>
      {error === null ? null : <p role="alert" class="what">{error}</p>}
    </form>
  );
}
