import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { killImporters, killServer, makeLogs } from "./_kill.ts";

/** `deno task kill` does many more, with the same seeds. */
const rounds = Number(Deno.env.get("SKERRY_KILLS") ?? 2);

async function withLogs(
  use: (folder: string, logs: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "skerry-kill-" });
  try {
    await makeLogs(`${folder}/logs`);
    await use(folder, `${folder}/logs`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("kill −9 of an importer into a file, and again: the same records", () =>
  withLogs(async (folder, logs) => {
    let n = 0;
    const locations = () => `${folder}/${n++}.db`;
    await killImporters(locations, logs, { rounds, seed: 1 });
  }));

Deno.test({
  name:
    "kill −9 of an importer into MariaDB, of mariadbd, and of connections: the same records",
  ignore: withoutMariadb !== null,
  fn: () =>
    withLogs(async (_folder, logs) => {
      await using server = await Mariadb.start({ durable: true });
      let n = 0;
      const databases = () => `kill${n++}`;
      const locations = () => server.address(databases());
      await killImporters(locations, logs, { rounds, seed: 2 });
      for (const what of ["server", "connections"] as const) {
        await killServer(server, databases, logs, { rounds, seed: 3, what });
      }
    }),
});
