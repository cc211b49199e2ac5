import assert from "node:assert/strict";
import { lease, MOST_BYTES } from "../../pipeline/kernels.ts";
import { kernelsAreFresh } from "../../tools/build_kernels.ts";
import { assertClose } from "./_close.ts";
import { randomMatrix } from "./_matrix.ts";
import { closest } from "../reference/kmeans.ts";

Deno.test("kernels.wasm is what assembly/ compiles to", async () => {
  assert(await kernelsAreFresh(), "run deno task kernels and commit it");
});

Deno.test("lease gives two holders different memories", () => {
  using a = lease();
  using b = lease();
  assert.notEqual(a.run.memory, b.run.memory);
  const at = a.f64From([1, 2, 3]);
  b.f64From([4, 5, 6]);
  assert.deepEqual([...a.f64(at, 3)], [1, 2, 3]);
});

Deno.test("lease reuses a memory that was given back, from its beginning", () => {
  const first = lease();
  const at = first.alloc(1000);
  first[Symbol.dispose]();
  first[Symbol.dispose](); // giving back twice must not lend it twice
  using second = lease();
  using third = lease();
  assert.equal(second.run, first.run);
  assert.notEqual(third.run, first.run);
  assert.equal(second.alloc(8), at);
});

Deno.test("Lease.alloc is aligned, and views survive growth by being made anew", () => {
  using kernels = lease();
  const at = kernels.f64From([7]);
  for (const bytes of [1, 63, 65, 10_000_000]) {
    assert.equal(kernels.alloc(bytes) % 64, 0);
  }
  assert.equal(kernels.f64(at, 1)[0], 7);
  assert.deepEqual([...kernels.u8(kernels.zeros(5), 5)], [0, 0, 0, 0, 0]);
});

Deno.test("lease refuses more than 4 GiB with the numbers and a way out", () => {
  const need = {
    what: "fit DBSCAN",
    nSamples: 50_000_000,
    nFeatures: 7,
    bytes: MOST_BYTES + 1,
  };
  assert.throws(() => lease(need), {
    name: "RangeError",
    message: "Cannot fit DBSCAN: 50000000 rows × 7 features need 4.0 GiB, " +
      "and one fit can have 4; take a sample of the rows or fewer features",
  });
});

Deno.test("Lease.alloc refuses what does not fit 32 bits", () => {
  using kernels = lease();
  assert.throws(() => kernels.alloc(2 ** 32 + 8), {
    name: "RangeError",
    message: /^Cannot run a kernel: no memory for 4294967304 more bytes/,
  });
  assert.throws(() => kernels.alloc(2 ** 32 - 65_536), RangeError);
});

Deno.test("lowerClosest and potentialWith agree with the twin", () => {
  const X = randomMatrix(333, 4, 12);
  using kernels = lease();
  const rows = kernels.f64From(X.data), near = kernels.alloc(333 * 8);
  kernels.f64(near, 333).fill(Infinity);
  const chosen = [5, 77, 301];
  for (const [t, row] of chosen.entries()) {
    const center = rows + row * 32;
    const twin = closest(X, chosen.slice(0, t + 1));
    const sum = twin.reduce((a, b) => a + b, 0);
    const potential = kernels.run.potentialWith(rows, 333, 32, center, near);
    assertClose([potential], [sum], 1e-12, "potential");
    kernels.run.lowerClosest(rows, 333, 32, center, near);
    assertClose(kernels.f64(near, 333), twin, 1e-12, "closest", 1);
  }
});

Deno.test("firstReaching carries its sum from block to block", () => {
  using kernels = lease();
  const values = kernels.f64From([1, 0, 2, 3]), sum = kernels.zeros(8);
  assert.equal(kernels.run.firstReaching(values, 2, 3, sum), 2);
  assert.equal(kernels.f64(sum, 1)[0], 1);
  assert.equal(kernels.run.firstReaching(values + 16, 2, 3, sum), 0);
});

Deno.test("padRows leaves a zero behind an odd number of features", () => {
  using kernels = lease();
  const X = kernels.f64From([1, 2, 3, 4, 5, 6]), rows = kernels.alloc(64);
  kernels.f64(rows, 8).fill(9);
  kernels.run.padRows(X, 2, 3, rows);
  assert.deepEqual([...kernels.f64(rows, 8)], [1, 2, 3, 0, 4, 5, 6, 0]);
});
