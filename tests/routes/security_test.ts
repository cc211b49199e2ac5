import assert from "node:assert/strict";
import { openStore } from "../../pipeline/store/mod.ts";
import { createApp } from "../../routes/_app.tsx";
import { build } from "../../tools/build.ts";

const ROOT = new URL("../../", import.meta.url);
const HOST = "127.0.0.1:8000";

async function ask(path: string, init: RequestInit = {}, host = HOST) {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const app = await createApp(ROOT, { store, hosts: [HOST, "localhost:8000"] });
  return await app.request(`http://${host}${path}`, init);
}

Deno.test("allowHosts answers only the names that are ours", async () => {
  assert.equal((await ask("/", {}, "localhost:8000")).status, 200);
  for (const host of ["evil.example:8000", "127.0.0.1:8001", "127.0.0.1"]) {
    const response = await ask("/", {}, host);
    assert.equal(response.status, 403, host);
    assert.match(await response.text(), /Cannot answer this address/);
  }
  const header = { headers: { host: "evil.example:8000" } };
  assert.equal((await ask("/", header)).status, 403);
  assert.equal((await ask("/assets/static/style.css", header)).status, 403);
});

Deno.test("headers forbid foreign and inline content, and leave HSTS out", async () => {
  for (const path of ["/", "/nowhere", "/assets/static/theme.js"]) {
    const { headers } = await ask(path);
    const policy = headers.get("content-security-policy")!;
    for (
      const rule of [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
      ]
    ) assert.ok(policy.includes(rule), `${path}: ${rule}`);
    assert.doesNotMatch(policy, /unsafe/);
    assert.equal(headers.get("strict-transport-security"), null);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
  }
});

Deno.test("sameOrigin refuses a change that another site asks for", async () => {
  const refused: HeadersInit[] = [
    {},
    { origin: "null" },
    { origin: "http://evil.example" },
    { "sec-fetch-site": "cross-site", origin: `http://${HOST}` },
    { "sec-fetch-site": "none" },
  ];
  for (const headers of refused) {
    const response = await ask("/api/verdict", { method: "POST", headers });
    assert.equal(response.status, 403, JSON.stringify(headers));
  }
  // Past the check, the form itself is refused.
  const allowed: HeadersInit[] = [
    { origin: `http://${HOST}` },
    { "sec-fetch-site": "same-origin" },
  ];
  for (const headers of allowed) {
    const response = await ask("/api/verdict", { method: "POST", headers });
    assert.equal(response.status, 400, JSON.stringify(headers));
  }
});

Deno.test("sameOrigin keeps the API from other sites' pages", async () => {
  const headers = { "sec-fetch-site": "cross-site" };
  assert.equal((await ask("/api/points", { headers })).status, 403);
  assert.equal((await ask("/api/points")).status, 404);
});
