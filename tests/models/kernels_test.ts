import assert from "node:assert/strict";
import { lease, MOST_BYTES } from "../../pipeline/kernels.ts";
import {
  buildKernels,
  committedKernels,
  PARSERS,
  staleness,
  THREADS,
} from "../../tools/build_kernels.ts";

Deno.test("kernels.wasm is what assembly/ compiles to, and one other byte is told", async () => {
  const built = await buildKernels(), kept = await committedKernels();
  assert.equal(staleness(built, kept), undefined);
  const wrong = kept.slice();
  wrong[100] ^= 1;
  assert.equal(
    staleness(built, wrong),
    "assembly/kernels.wasm is not what assembly/*.ts compiles to: byte 100 " +
      `differs (${built.length} bytes built, ${kept.length} committed); ` +
      "run deno task kernels and commit assembly/kernels.wasm",
  );
  assert.match(staleness(built, kept.subarray(0, -1))!, /byte \d+ differs/);
  assert.match(staleness(built, new Uint8Array())!, /is missing; run/);
});

for (const module of [PARSERS, THREADS]) {
  Deno.test(`${module.wasm} is what assembly/ compiles to`, async () => {
    const built = await buildKernels(module);
    const kept = await committedKernels(module);
    assert.equal(staleness(built, kept, module), undefined);
    assert.ok(
      staleness(built, new Uint8Array(), module)!
        .startsWith(`assembly/${module.wasm} is missing; run`),
    );
  });
}

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
