import assert from "node:assert/strict";
import { SkerryError } from "../../pipeline/errors.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { serve } from "../../routes/_server.ts";
import { build } from "../../tools/build.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("serve answers on the loopback until the signal ends it", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const served = serve(ROOT, {
    store,
    port: 0,
    signal: stop.signal,
    dev: true,
    onListen: ({ port }) => listening.resolve(port),
  });
  const base = `http://127.0.0.1:${await listening.promise}`;
  const response = await fetch(base);
  assert.equal(response.status, 200);
  assert.match(await response.text(), /No logs have been read yet/);
  // A stream that never ends does not keep the server alive.
  const open = await fetch(`${base}/dev/reload`);
  stop.abort();
  await served;
  await open.text().catch(() => {});
});

Deno.test("serve says that a port is in use", async () => {
  await build(ROOT);
  await using store = await openStore(":memory:");
  const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const { port } = taken.addr;
    await assert.rejects(serve(ROOT, { store, port }), (error) => {
      assert.ok(error instanceof SkerryError);
      assert.equal(
        error.message,
        `Cannot listen on 127.0.0.1:${port}: the port is in use`,
      );
      assert.match(error.hint!, /^--port \d+$/);
      return true;
    });
  } finally {
    taken.close();
  }
});

Deno.test("serve refuses an address that others can reach", async () => {
  await using store = await openStore(":memory:");
  await assert.rejects(
    serve(ROOT, { store, port: 0, hostname: "0.0.0.0" }),
    /only this machine may read the logs/,
  );
});

Deno.test("serve says how to build the browser's part", async () => {
  await using store = await openStore(":memory:");
  await assert.rejects(
    serve(new URL("nowhere/", ROOT), { store, port: 0 }),
    (error: SkerryError) => error.hint === "deno task build",
  );
});
