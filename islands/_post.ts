/** What the server refused, in its own words. */
export class Refusal extends Error {
  override readonly name = "Refusal";

  constructor(message: string, readonly hint = "") {
    super(message);
  }
}

/**
 * Posts JSON to the API and reads its answer.
 *
 * @throws Refusal with the server's sentence, or when it does not answer.
 */
export async function post<T>(
  path: string,
  body: unknown,
  signal?: AbortSignal,
): Promise<T> {
  return await send<T>(path, {
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
    signal,
  });
}

/** As {@link post}, with a file as it is. */
export async function postFile(
  path: string,
  file: Blob,
  signal?: AbortSignal,
): Promise<void> {
  await send(path, { body: file, signal });
}

/** @throws Refusal as {@link post}. */
export async function load<T>(path: string): Promise<T> {
  return await send<T>(path, { method: "GET" });
}

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { method: "POST", ...init })
    .catch((error) => {
      if (init.signal?.aborted) throw error;
      throw new Refusal("Cannot reach Skerry", "Is its terminal still open?");
    });
  if (response.status === 204) return undefined as T;
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Refusal(answer.error, answer.hint);
}
