import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import { createApp } from "../../routes/_app.tsx";
import { routes } from "../../routes/_manifest.gen.ts";
import { build } from "../../tools/build.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

Deno.test("every route under /api/ describes itself and its path's parameters", () => {
  const api = routes.filter(([path]) => path.startsWith("/api/"));
  assert.ok(api.length > 5);
  for (const [path, { api: about, handler }] of api) {
    assert.ok(about, `${path} exports no api`);
    assert.match(about.summary, /^\S.*\.$/, path);
    assert.ok(about.answer.length > 3, path);
    assert.equal(Object.keys(handler ?? {}).length, 1, path);
    for (const [, name] of path.matchAll(/:(\w+)/g)) {
      assert.ok(
        about.parameters?.[name],
        `${path} does not say what ${name} is`,
      );
    }
  }
});

Deno.test("GET /api lists each route with its method", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST] });
  const html = await (await app.request(`http://${HOST}/api`)).text();
  for (const [path, { api, handler }] of routes) {
    if (!api) continue;
    const [method] = Object.keys(handler!);
    assert.ok(html.includes(`<b>${method}</b> ${path}<`), `${method} ${path}`);
    assert.ok(html.includes(`id="${path.slice(1).replace(/[^a-z]+/g, "-")}"`));
  }
});
