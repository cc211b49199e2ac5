import { useEffect, useState } from "preact/hooks";
import type { FolderView } from "./_import_view.ts";
import { load } from "./_request.ts";
import { cut, visible } from "./_visible.ts";

/** The folders of the server's machine that may be imported, to walk through. */
export function FolderList(
  { path, choose }: { path: string; choose: (path: string) => void },
) {
  const [view, setView] = useState<FolderView | null>(null);
  const [wrong, setWrong] = useState("");
  useEffect(() => {
    load<FolderView>(`/api/folders?${new URLSearchParams({ path })}`)
      .then((folder) => {
        setView(folder);
        setWrong("");
      }, (error) => setWrong(error.message));
  }, [path]);
  if (wrong) return <p class="wrong" role="alert">{visible(wrong)}</p>;
  if (view === null) return <p class="hint" role="status">Listing folders</p>;
  const up = view.path === "" ? null : view.above ?? "";
  return (
    <ul class="folders" aria-label="Folders">
      {up === null ? null : (
        <li>
          <button type="button" onClick={() => choose(up)}>
            ↑ {up === "" ? "all folders" : "the folder above"}
          </button>
        </li>
      )}
      {view.folders.map((folder) => (
        <li key={folder.path}>
          <button type="button" onClick={() => choose(folder.path)}>
            {cut(visible(folder.name), 120)}
          </button>
        </li>
      ))}
      {view.folders.length === 0
        ? <li class="hint inset">There is no folder in it.</li>
        : null}
    </ul>
  );
}
