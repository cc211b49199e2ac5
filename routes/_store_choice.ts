import {
  NoStore,
  openStore,
  type SessionStore,
  SkerryError,
} from "../pipeline/mod.ts";
import type { Body } from "./_body.ts";
import { HttpError } from "./_page.ts";

/** A server's store, as a form names it. */
export interface StoreChoice {
  /** Without anything secret. */
  readonly location: string;
  /** Only ever in memory; no answer, page or log has it. */
  readonly password: string;
}

/**
 * The server, database and user of a form. Files are not taken: a page could
 * otherwise make one anywhere on this machine.
 *
 * @throws HttpError 400 where the address is none of a server.
 */
export function choiceOf(body: Body): StoreChoice {
  const address = body.text("address"), user = body.text("user");
  const url = URL.parse(address.replace(/^mariadb:/i, "mysql:"));
  if (!url || url.protocol !== "mysql:") {
    throw new HttpError(
      400,
      "Cannot read the address: it must be mysql://HOST:PORT/DATABASE",
      "A file is chosen when the server is started: --store FILE.",
    );
  }
  if (url.password || url.searchParams.has("password-file")) {
    throw new HttpError(
      400,
      "Cannot read the address: the password has a field of its own",
    );
  }
  if (user !== "") url.username = user;
  return { location: url.href, password: body.raw("password") };
}

/** How a store answers: whether its tables are there, and what they hold. */
export interface StoreTest {
  readonly location: string;
  readonly state: "ready" | "empty";
  readonly datasets: number;
}

/**
 * Asks a server, without writing anything.
 *
 * @throws HttpError 400 with the server's own sentence.
 */
export async function testStore(choice: StoreChoice): Promise<StoreTest> {
  const { location, password } = choice;
  try {
    await using store = await openStore(location, { readOnly: true, password });
    const datasets = (await store.datasets()).length;
    return { location: store.location, state: "ready", datasets };
  } catch (error) {
    if (error instanceof NoStore) {
      return { location, state: "empty", datasets: 0 };
    }
    throw refused(error);
  }
}

/** Opens a server's store and makes its tables. @throws as `testStore`. */
export async function openChoice(choice: StoreChoice): Promise<SessionStore> {
  const { location, password } = choice;
  try {
    return await openStore(location, { password });
  } catch (error) {
    throw refused(error);
  }
}

/** What the store says is for whoever filled the form in. */
function refused(error: unknown): unknown {
  return error instanceof SkerryError
    ? new HttpError(400, error.message, error.hint ?? "")
    : error;
}
