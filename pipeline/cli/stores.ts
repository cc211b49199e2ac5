import {
  type Dataset,
  defaultStore,
  openStore,
  PasswordNeeded,
  type RankedFinding,
  type RunSummary,
  type SessionStore,
  SkerryError,
} from "../mod.ts";
import { absolute } from "./arguments.ts";
import type { Call } from "./command.ts";
import { askPassword } from "./password.ts";

/** The store that the call names, else the user's own. */
export function storeOf(
  call: Call,
  readOnly = false,
  readers = 0,
): Promise<SessionStore> {
  const location = call.flags.text("store") ??
    defaultStore(call.environment, Deno.build.os);
  return withPassword(
    call,
    location,
    (password) => openStore(location, { readOnly, readers, password }),
  );
}

/**
 * Opens with the password of the environment; when the server wants another
 * one, whoever sits at the terminal is asked, once.
 *
 * @throws what `open` throws; PasswordNeeded where nobody can be asked.
 */
export async function withPassword<T>(
  call: Call,
  location: string,
  open: (password?: string) => Promise<T>,
): Promise<T> {
  try {
    return await open(call.environment.SKERRY_DB_PASSWORD);
  } catch (error) {
    if (!(error instanceof PasswordNeeded) || !Deno.stdin.isTerminal()) {
      throw error;
    }
    call.progress.clear();
    return await open(await askPassword(call, location));
  }
}

/**
 * The password that opens a server's store: each may want its own.
 *
 * @param existing whether the store must be there.
 */
export async function passwordOf(
  call: Call,
  location: string,
  { existing = false } = {},
): Promise<string | undefined> {
  if (!/^(mysql|mariadb):/i.test(location)) return undefined;
  return await withPassword(call, location, async (password) => {
    await using _store = await openStore(location, { password, existing });
    return password;
  });
}

/** How the next command is typed, so that it reaches the same store. */
export function typed(call: Call, words: string): string {
  const store = call.flags.text("store");
  const program = Deno.build.standalone ? "skerry" : "deno task";
  return `${program} ${words}${store ? ` --store ${quoted(store)}` : ""}`;
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w./:@~-]+$/.test(text)
    ? text
    : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The dataset of that name, or of that folder. @throws SkerryError. */
export async function datasetNamed(
  store: SessionStore,
  name: string,
): Promise<Dataset> {
  const found = await store.findDataset(name) ??
    await store.findDataset(absolute(name));
  if (found) return found;
  const names = (await store.datasets()).map((dataset) => dataset.name);
  throw new SkerryError(
    `Cannot find ${name}: there is no such file, folder or dataset`,
    {
      hint: names.length === 0
        ? "the store is empty: skerry run DIR"
        : `the store has ${names.slice(0, 5).join(", ")}`,
    },
  );
}

/** The last run of `--dataset`, or of all. @throws SkerryError without any. */
export async function lastRunOf(
  store: SessionStore,
  call: Call,
): Promise<RunSummary> {
  const name = call.flags.text("dataset");
  const run = await store.lastRun(
    name ? await datasetNamed(store, name) : undefined,
  );
  if (run) return run;
  throw new SkerryError("Cannot show findings: nothing has been hunted yet", {
    hint: "skerry run DIR",
  });
}

/** A finding of the run by its id or its rank. @throws SkerryError. */
export async function findingOf(
  store: SessionStore,
  run: RunSummary,
  id: string,
): Promise<RankedFinding> {
  const byRank = /^\d{1,7}$/.test(id)
    ? (await store.findings(run.id, { limit: Number(id), withSeries: false }))
      .find(({ rank }) => rank === Number(id))
    : undefined;
  const finding = await store.finding(run.id, byRank?.id ?? id);
  if (finding) return finding;
  throw new SkerryError(`Cannot find the finding ${id} in the last run`, {
    hint: "skerry findings",
  });
}
