import assert from "node:assert/strict";
import { routePath, writeManifests } from "../../tools/manifest.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("the manifests name every page and island of the tree", async () => {
  assert.deepEqual(await writeManifests(ROOT, { check: true }), []);
});

Deno.test("writeManifests tells a stale manifest and mends it", async () => {
  const folder = await Deno.makeTempDir();
  const root = new URL(`file://${folder}/`);
  try {
    await Deno.mkdir(new URL("routes/_parts", root), { recursive: true });
    await Deno.mkdir(new URL("islands", root));
    const write = (name: string) => Deno.writeTextFile(new URL(name, root), "");
    await write("routes/index.tsx");
    await write("routes/_glue.ts");
    await write("routes/_parts/part.tsx");
    await write("islands/Plot.tsx");
    assert.equal((await writeManifests(root, { check: true })).length, 2);
    await writeManifests(root);
    assert.deepEqual(await writeManifests(root, { check: true }), []);
    const text = await Deno.readTextFile(
      new URL("routes/_manifest.gen.ts", root),
    );
    assert.match(text, /\["\/", r0\]/);
    assert.match(text, /Plot: island\(i0\)/);
    assert.doesNotMatch(text, /glue|part\.tsx/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("routePath follows the names of files", () => {
  assert.equal(routePath("routes/index.tsx"), "/");
  assert.equal(routePath("routes/api/points.ts"), "/api/points");
  assert.equal(routePath("routes/findings/[id].tsx"), "/findings/:id");
  assert.equal(routePath("routes/docs/[...rest].tsx"), "/docs/:rest{.+}");
});
