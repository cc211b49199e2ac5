/** A file that was dropped or chosen, under its path in the dropped folder. */
export interface DroppedFile {
  readonly name: string;
  readonly file: File;
}

/** The files of a drop; folders are walked through, hidden files left out. */
export async function filesOf(data: DataTransfer): Promise<DroppedFile[]> {
  // To be asked for at once: the list is empty after the first await.
  const entries = [...data.items].map((item) => item.webkitGetAsEntry());
  const out: DroppedFile[] = [];
  for (const entry of entries) if (entry) await collect(entry, out);
  return out;
}

export function filesIn(list: FileList | null): DroppedFile[] {
  return [...list ?? []].map((file) => ({ name: file.name, file }));
}

async function collect(
  entry: FileSystemEntry,
  out: DroppedFile[],
): Promise<void> {
  if (entry.name.startsWith(".")) return;
  if (entry.isDirectory) {
    for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
      await collect(child, out);
    }
    return;
  }
  const file = await new Promise<File>((resolve, reject) =>
    (entry as FileSystemFileEntry).file(resolve, reject)
  );
  out.push({ name: entry.fullPath, file });
}

/** A browser gives them in parts of a hundred, the last one being empty. */
async function childrenOf(
  folder: FileSystemDirectoryEntry,
): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const out: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject)
    );
    if (some.length === 0) return out;
    out.push(...some);
  }
}
