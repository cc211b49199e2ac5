import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";
import { seed } from "./seed.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

Deno.test("every page lists the jobs, and a form cancels one, without a script", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  await seed(store);
  const app = await createApp(ROOT, {
    store,
    hosts: [HOST],
    clusters: (_dataset, _spec, { signal }) =>
      new Promise((_, reject) =>
        signal!.addEventListener("abort", () => reject(signal!.reason))
      ),
  });
  const ask = async (path: string, init: RequestInit = {}) =>
    await app.request(`http://${HOST}${path}`, {
      ...init,
      headers: { origin: `http://${HOST}`, ...init.headers },
    });
  const started = await ask("/api/clusters/fit", {
    method: "POST",
    body: new URLSearchParams("nClusters=7"),
  });
  assert.equal(started.status, 303);
  for (const path of ["/", "/api", "/settings"]) {
    const page = await (await ask(path)).text();
    assert.match(page, /<details id="status" class="status busy">/, path);
    assert.match(page, /k-means, 7 clusters, all features of session/, path);
  }
  const cancelled = await ask("/api/jobs/1/cancel", {
    method: "POST",
    headers: { accept: "text/html", referer: `http://${HOST}/api?x=1` },
  });
  assert.equal(cancelled.status, 303);
  assert.equal(cancelled.headers.get("location"), "/api?x=1");
  assert.match(
    await (await ask("/api")).text(),
    /<li data-id="1" class="cancelled">/,
  );
});
