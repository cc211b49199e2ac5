import {
  type Dataset,
  openStore,
  type SessionStore,
} from "../pipeline/store/mod.ts";

/** A store in memory and a folder with these files, gone afterwards. */
export async function withLogs(
  files: Readonly<Record<string, string>>,
  use: (
    folder: string,
    store: SessionStore,
    dataset: Dataset,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await using store = await openStore(":memory:");
    await use(folder, store, await store.openDataset("office"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
