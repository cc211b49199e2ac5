import { tellReached } from "./_gone.ts";

/** What the server refused, in its own words. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(
    message: string,
    readonly hint = "",
    /** What is wrong by field of a form, where the server says so. */
    readonly fields: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** @throws Refusal with the server's sentence, or when it does not answer. */
export function load<T>(path: string): Promise<T> {
  return send<T>(path, { method: "GET" });
}

/** Posts JSON and reads the answer. @throws Refusal as {@link load}. */
export function post<T>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return send<T>(path, {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
    signal,
  });
}

/** Posts fields as a form does. @throws Refusal as {@link load}. */
export function postForm<T>(
  path: string,
  fields: URLSearchParams | FormData,
): Promise<T> {
  return send<T>(path, { body: fields });
}

/** Posts a file as it is. @throws Refusal as {@link load}. */
export async function postFile(
  path: string,
  file: Blob,
  signal?: AbortSignal,
): Promise<void> {
  await send(path, { body: file, signal });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const headers = { accept: "application/json", ...init.headers };
  const response = await fetch(path, { method: "POST", ...init, headers })
    .catch((error) => {
      if (init.signal?.aborted) throw error;
      tellReached(false);
      throw new Refusal("Cannot reach Skerry", "Is its terminal still open?");
    });
  tellReached(true);
  if (response.status === 204) return undefined as T;
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer;
  const { error = `The server answers ${response.status}`, hint, fields } =
    answer;
  throw new Refusal(error, hint, fields);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
