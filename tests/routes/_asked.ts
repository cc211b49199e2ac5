// An app over a store in memory, asked as a browser would.
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { type AppOptions, createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

export interface Asking {
  readonly store: SessionStore;
  get(path: string): Promise<Response>;
  /** As a script of our own page does; `body` travels as JSON. */
  post(path: string, body: unknown): Promise<Response>;
  /** As a form of our own page does. */
  submit(path: string, form: Record<string, string>): Promise<Response>;
}

export async function withApp(
  options: Partial<AppOptions>,
  test: (asking: Asking) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  await using store = options.store ?? await openStore(":memory:");
  const stop = new AbortController();
  const app = await createApp(ROOT, {
    hosts: [HOST],
    signal: stop.signal,
    ...options,
    store,
  });
  const here = { "sec-fetch-site": "same-origin" };
  const ask = async (path: string, init: RequestInit = {}) =>
    await app.request(`http://${HOST}${path}`, init);
  try {
    await test({
      store,
      get: (path) => ask(path, { headers: here }),
      post: (path, body) =>
        send(ask, path, JSON.stringify(body), {
          ...here,
          "content-type": "application/json",
        }),
      submit: (path, form) =>
        send(ask, path, new URLSearchParams(form).toString(), {
          ...here,
          accept: "text/html",
          "content-type": "application/x-www-form-urlencoded",
        }),
    });
  } finally {
    stop.abort();
  }
}

/** A browser says how long a body is; Request does not. */
function send(
  ask: (path: string, init: RequestInit) => Promise<Response>,
  path: string,
  body: string,
  headers: Record<string, string>,
): Promise<Response> {
  const length = String(new TextEncoder().encode(body).length);
  return ask(path, {
    method: "POST",
    body,
    headers: { ...headers, "content-length": length },
  });
}

/** Waits until the job of an import, or of anything else, has ended. */
export async function ended(
  { get }: Asking,
  id: number,
): Promise<{ readonly state: string; readonly outcome: string }> {
  await (await get(`/api/jobs/${id}/events`)).text();
  const jobs = await (await get("/api/jobs")).json();
  return jobs.find((job: { id: number }) => job.id === id);
}
