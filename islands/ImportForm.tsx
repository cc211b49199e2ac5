import { useRef, useState } from "preact/hooks";
import { type DroppedFile, filesIn, filesOf } from "./_dropped.ts";
import { FolderList } from "./_folder_list.tsx";
import { bytes, plural } from "./_format.ts";
import type { ImportRequest, ImportView } from "./_import_view.ts";
import { post, postFile, Refusal } from "./_request.ts";
import { visible } from "./_visible.ts";

interface Props {
  /** Folders that the server may import from. */
  readonly roots: readonly string[];
  /** What there is already, and what it holds. */
  readonly datasets: readonly {
    readonly name: string;
    readonly held: string;
  }[];
}

const TYPES = ["conn", "http", "dns", "ssl"];

/** Says what to import; as a plain form it works without a script, too. */
export default function ImportForm({ roots, datasets }: Props) {
  const [folder, setFolder] = useState(roots.length === 1 ? roots[0] : "");
  const [choosing, setChoosing] = useState(false);
  const [files, setFiles] = useState<readonly DroppedFile[]>([]);
  const [name, setName] = useState("");
  const [fresh, setFresh] = useState(false);
  const [sending, setSending] = useState("");
  const [wrong, setWrong] = useState<Refusal | null>(null);
  const stop = useRef<AbortController | null>(null);

  const target = name.trim() || (files.length > 0 ? "dropped files" : folder);
  const old = datasets.find((dataset) => dataset.name === target);

  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const { signal } = stop.current = new AbortController();
    setWrong(null);
    try {
      setSending("Starting");
      const upload = files.length > 0
        ? await send(files, setSending, signal)
        : undefined;
      const request: ImportRequest = {
        ...(upload ? { upload } : { folder }),
        dataset: name,
        types: form.getAll("types").map(String),
        fresh,
        sure: form.has("sure"),
      };
      const { job } = await post<ImportView>("/api/imports", request, signal);
      location.assign(`/datasets?import=${job.id}`);
    } catch (error) {
      setSending("");
      if (error instanceof Refusal) setWrong(error);
    }
  };

  return (
    <form
      class="fields"
      action="/api/imports"
      method="post"
      onSubmit={submit}
    >
      <label for="folder">Folder</label>
      <div class="with">
        <input
          id="folder"
          name="folder"
          class="mono"
          value={folder}
          disabled={files.length > 0}
          placeholder={roots[0] ?? "none may be imported"}
          onInput={(event) => setFolder(event.currentTarget.value)}
        />
        <button
          type="button"
          aria-expanded={choosing}
          disabled={roots.length === 0 || files.length > 0}
          onClick={() => setChoosing(!choosing)}
        >
          Choose…
        </button>
      </div>
      {choosing
        ? (
          <div class="whole">
            <FolderList path={folder} choose={setFolder} />
          </div>
        )
        : null}
      <p class="hint">
        {roots.length === 0
          ? "On this server's machine; it was started without --allow-import DIR, so none may be read."
          : `On the server's machine, in ${roots.map(visible).join(" or ")}.`}
      </p>
      <label for="dropped">or files</label>
      <DropZone files={files} setFiles={setFiles} />
      <label for="into">Dataset</label>
      <input
        id="into"
        name="dataset"
        list="known"
        value={name}
        placeholder="named after the folder"
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <datalist id="known">
        {datasets.map((dataset) => (
          <option key={dataset.name} value={dataset.name} />
        ))}
      </datalist>
      <fieldset class="whole row">
        <legend>Log types</legend>
        {TYPES.map((type) => (
          <label key={type}>
            <input type="checkbox" name="types" value={type} defaultChecked />
            {type}
          </label>
        ))}
      </fieldset>
      <fieldset class="whole row">
        <legend>What the dataset holds already</legend>
        <label>
          <input
            type="radio"
            name="fresh"
            value=""
            checked={!fresh}
            onChange={() => setFresh(false)}
          />
          keep it
        </label>
        <label>
          <input
            type="radio"
            name="fresh"
            value="1"
            checked={fresh}
            onChange={() => setFresh(true)}
          />
          clear it first
        </label>
        {fresh && old
          ? (
            <label>
              <input type="checkbox" name="sure" value="1" required />
              Yes, remove {visible(old.held)}
            </label>
          )
          : null}
      </fieldset>
      {wrong
        ? (
          <p class="whole wrong" role="alert">
            <b>{visible(wrong.message)}</b>
            {wrong.hint ? `. ${visible(wrong.hint)}` : ""}
          </p>
        )
        : null}
      <div class="whole row">
        <button class="primary" type="submit" disabled={sending !== ""}>
          Import and hunt
        </button>
        <span class="soft" role="status">{sending}</span>
        {sending !== "" && files.length > 0
          ? (
            <button type="button" onClick={() => stop.current?.abort()}>
              Cancel
            </button>
          )
          : null}
      </div>
    </form>
  );
}

function DropZone(
  { files, setFiles }: {
    files: readonly DroppedFile[];
    setFiles: (files: readonly DroppedFile[]) => void;
  },
) {
  const [over, setOver] = useState(false);
  const size = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <div
      class={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={async (event) => {
        event.preventDefault();
        setOver(false);
        if (event.dataTransfer) setFiles(await filesOf(event.dataTransfer));
      }}
    >
      <input
        id="dropped"
        type="file"
        multiple
        onChange={(event) => setFiles(filesIn(event.currentTarget.files))}
      />
      {files.length === 0
        ? <span class="hint">Drop files or a folder of logs here.</span>
        : (
          <>
            <span>{plural(files.length, "file")}, {bytes(size)}</span>
            <button type="button" onClick={() => setFiles([])}>
              Drop none
            </button>
          </>
        )}
    </div>
  );
}

/** Sends the files one by one; they stay on the machine of the server. */
async function send(
  files: readonly DroppedFile[],
  tell: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const { id } = await post<{ id: string }>("/api/uploads", {}, signal);
  for (const [i, { name, file }] of files.entries()) {
    tell(`Sending ${i + 1} of ${plural(files.length, "file")}`);
    const query = new URLSearchParams({ name });
    if (file.size > 0) {
      await postFile(`/api/uploads/${id}?${query}`, file, signal);
    }
  }
  return id;
}
