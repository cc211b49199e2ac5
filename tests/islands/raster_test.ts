import assert from "node:assert/strict";
import {
  nearest,
  NOISE,
  pointsOf,
  Raster,
  slice,
} from "../../islands/_raster.ts";

/** n points on a curve, in no order of x. */
function some(n: number) {
  const x = Float64Array.from({ length: n }, (_, i) => (i * 7919 % n) / n);
  return pointsOf(x, x.map((v) => v * v), x.map((_, i) => i % 3));
}

const VIEW = { sx: 200, ox: 0, sy: -100, oy: 100 };

Deno.test("pointsOf sorts by x and remembers the rows", () => {
  const points = pointsOf([0.9, 0.1, 0.5], [1, 2, 3], [0, 1, 2]);
  assert.deepEqual([...points.row], [1, 2, 0]);
  assert.deepEqual([...points.y], [2, 3, 1]);
  assert.deepEqual([...points.group], [1, 2, 0]);
});

Deno.test("pointsOf gives noise a group of its own, however many clusters", () => {
  const points = pointsOf([0, 1, 2], [0, 0, 0], [-1, 254, 900]);
  assert.deepEqual([...points.group], [NOISE, 254, 254]);
});

Deno.test("Raster.draw shows every point of the first view", () => {
  const raster = new Raster(200, 101);
  raster.colours([[255, 0, 0], [0, 255, 0], [0, 0, 255]]);
  assert.equal(raster.draw(some(10_000), VIEW), 10_000);
  assert.ok(raster.pixels.some((v) => v !== 0));
});

Deno.test("Raster.draw leaves pixels without a point transparent", () => {
  const raster = new Raster(10, 10);
  raster.colours([[1, 2, 3]]);
  const one = pointsOf([0.55], [0.55], [0]);
  assert.equal(raster.draw(one, { sx: 10, ox: 0, sy: 10, oy: 0 }), 1);
  const at = (5 * 10 + 5) * 4;
  assert.deepEqual([...raster.pixels.slice(at, at + 3)], [1, 2, 3]);
  assert.equal(raster.pixels.filter((v) => v !== 0).length, 4);
  assert.equal(raster.draw(one, { sx: 10, ox: 50, sy: 10, oy: 0 }), 0);
  assert.ok(raster.pixels.every((v) => v === 0));
});

Deno.test("Raster.draw makes a pixel stronger with each point, up to 255", () => {
  const raster = new Raster(1, 1);
  raster.colours([[9, 9, 9]]);
  const alpha = (n: number) => {
    const zeros = new Float64Array(n);
    raster.draw(pointsOf(zeros, zeros, zeros), { sx: 1, ox: 0, sy: 1, oy: 0 });
    return raster.pixels[3];
  };
  assert.ok(alpha(1) > 100 && alpha(1) < alpha(10) && alpha(10) < alpha(255));
  assert.equal(alpha(255), alpha(10_000));
});

Deno.test("nearest finds the point under the pointer, or none", () => {
  const points = some(10_000);
  const px = points.x[500] * 200, py = 100 - points.y[500] * 100;
  assert.equal(nearest(points, VIEW, px, py, 3), 500);
  assert.equal(nearest(points, VIEW, -50, -50, 3), -1);
});

Deno.test("nearest agrees with a look at every point", () => {
  const points = some(997);
  for (let k = 0; k < 50; k++) {
    const px = (k * 37) % 200, py = (k * 53) % 100;
    const distance = (i: number) =>
      Math.hypot(points.x[i] * 200 - px, 100 - points.y[i] * 100 - py);
    let best = -1;
    for (let i = 0; i < 997; i++) {
      if (distance(i) <= (best < 0 ? 20 : distance(best))) best = i;
    }
    const found = nearest(points, VIEW, px, py, 20);
    assert.equal(found < 0, best < 0);
    if (best >= 0) assert.ok(Math.abs(distance(found) - distance(best)) < 1e-9);
  }
});

Deno.test("slice bounds ascending values from both sides", () => {
  const xs = new Float32Array([0, 1, 2, 3, 4]);
  assert.deepEqual(slice(xs, 1, 3), [1, 4]);
  assert.deepEqual(slice(xs, 3, 1), [1, 4]);
  assert.deepEqual(slice(xs, 9, 10), [5, 5]);
  assert.deepEqual(slice(new Float32Array(0), 0, 1), [0, 0]);
});
