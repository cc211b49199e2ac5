import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { Distances } from "../../islands/_distance_curve.tsx";
import { assertPicture } from "./_picture.ts";

Deno.test("Distances draws the curve on a log axis, with the knee", async () => {
  const distances = Array.from({ length: 40 }, (_, i) => 30 * 0.8 ** i);
  const html = renderToString(
    <Distances
      curve={{ distances, sampled: 2000, eps: 0.35, minSamples: 10 }}
      onUse={() => {}}
      onClose={() => {}}
    />,
  );
  await assertPicture(html, "distances");
  assert.match(html, /bends at eps <b>0\.35<\/b>/);
  assert.match(html, /fall from 30 to 0\.00\d+; the knee is at 0\.35/);
});

Deno.test("Distances says so when all neighbours are at the same place", () => {
  const html = renderToString(
    <Distances
      curve={{ distances: [0, 0], sampled: 2, eps: 0, minSamples: 1 }}
      onUse={() => {}}
      onClose={() => {}}
    />,
  );
  assert.match(html, /All distances are 0/);
});
