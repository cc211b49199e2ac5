// The neural-net lab over a store with one dataset, asked as a browser would.
import assert from "node:assert/strict";
import type { JobView } from "../../islands/_job_view.ts";
import type { NetEvent, NetView } from "../../islands/_net.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";
import { seedRequests } from "./seed_net.ts";

export const ROOT = new URL("../../", import.meta.url);
export const HOST = "127.0.0.1:8000";

/** An app over a store with one dataset of requests. */
export class Lab {
  constructor(
    readonly store: SessionStore,
    readonly fetch: (path: string, init?: RequestInit) => Promise<Response>,
  ) {}

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await this.fetch(path, init);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  }

  post(path: string, fields: Record<string, string>): Promise<Response> {
    const body = new URLSearchParams(fields).toString();
    return this.fetch(path, {
      method: "POST",
      body,
      headers: {
        accept: "application/json",
        "content-type": "application/x-www-form-urlencoded",
        "content-length": String(body.length),
        origin: `http://${HOST}`,
      },
    });
  }

  async sent<T>(path: string, fields: Record<string, string>): Promise<T> {
    const response = await this.post(path, fields);
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text);
  }

  /** Every event of a job, until it ends. */
  async events({ id }: JobView): Promise<NetEvent[]> {
    const stream = await (await this.fetch(`/api/net/events?job=${id}`)).text();
    return Array.from(
      stream.matchAll(/^event: net\ndata: (.+)$/gm),
      ([, data]) => JSON.parse(data),
    );
  }

  async train(fields: Record<string, string> = {}): Promise<NetView> {
    const job = await this.sent<JobView>("/api/net/train", {
      maxIter: "60",
      ...fields,
    });
    const last = (await this.events(job)).at(-1)!;
    assert.equal(last.job.state, "done", last.job.outcome ?? "");
    return await this.json<NetView>("/api/net/view");
  }
}

export async function withLab(
  test: (lab: Lab) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  await seedRequests(store);
  const app = await createApp(ROOT, { store, hosts: [HOST] });
  await test(
    new Lab(
      store,
      async (path, init) => await app.request(`http://${HOST}${path}`, init),
    ),
  );
}
