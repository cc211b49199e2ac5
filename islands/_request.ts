/**
 * What the API answers as JSON.
 *
 * @throws Error with the server's own sentence where it refuses.
 */
export async function requestJson<T>(
  path: string,
  init: RequestInit = {},
): Promise<T> {
  const response = await fetch(path, {
    ...init,
    headers: { accept: "application/json" },
  });
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer as T;
  throw new Error(answer.error ?? `The server answers ${response.status}`);
}

/** Posts fields as a form does. */
export function postForm<T>(path: string, fields: URLSearchParams): Promise<T> {
  return requestJson<T>(path, { method: "POST", body: fields });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
