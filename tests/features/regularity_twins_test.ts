import assert from "node:assert/strict";
import { COMB_GAPS, combTest } from "../../pipeline/features/comb_test.ts";
import { linkTests } from "../../pipeline/features/link_test.ts";
import type { RegularityTest } from "../../pipeline/features/regularity.ts";
import { RandomState } from "../../pipeline/models/mod.ts";
import { plainCombTest } from "../reference/comb.ts";
import { plainLinkTests } from "../reference/link.ts";

const random = new RandomState(11);
const u = () => random.random();

/** Memoryless gaps, or those of a beacon that loses check-ins; beyond `collapse`. */
function gapsOf(m: number, collapse: number): Float64Array {
  const loss = u() < 0.5 ? NaN : 0.6 * u(), jitter = u();
  return Float64Array.from({ length: m }, () => {
    if (Number.isNaN(loss)) return collapse - 60 * Math.log(1 - u());
    let gap = collapse;
    do gap += 60 * (1 + jitter * (u() - 0.5)); while (u() < loss);
    return gap;
  }).sort();
}

/** The same, but for what cells that add nothing would have added. */
function assertSame(got: RegularityTest, plain: RegularityTest): void {
  assert.deepEqual({ ...got, log10p: 0 }, { ...plain, log10p: 0 });
  const apart = Math.abs(got.log10p - plain.log10p);
  assert.ok(apart <= 1e-9, `${got.log10p} ${plain.log10p}`);
}

Deno.test("combTest equals its plain twin", () => {
  for (let trial = 0; trial < 250; trial++) {
    const collapse = u() < 0.3 ? 10 * u() : 0;
    const gaps = gapsOf(5 + random.randint(COMB_GAPS - 4), collapse);
    assertSame(combTest(gaps, collapse), plainCombTest(gaps, collapse));
  }
  const equal = new Float64Array(20).fill(60);
  assertSame(combTest(equal, 0), plainCombTest(equal, 0));
});

Deno.test("combTest spares only what stays above the p that is needed", () => {
  let spared = 0, found = 0;
  for (let trial = 0; trial < 250; trial++) {
    const gaps = gapsOf(5 + random.randint(COMB_GAPS - 4), 0);
    const needed = -4 * u();
    const whole = plainCombTest(gaps, 0), got = combTest(gaps, 0, needed);
    if (whole.log10p <= needed) {
      assertSame(got, whole);
      found++;
    } else if (got.log10p === 0) spared++;
  }
  assert.ok(spared > 100 && found > 50, `${spared} spared, ${found} found`);
});

Deno.test("linkTests equals its plain twin to the last bit", () => {
  let found = 0;
  for (let trial = 0; trial < 200; trial++) {
    const ts = new Float64Array(12 + random.randint(400));
    const beacon = u() < 0.5, whole = u() < 0.3;
    let t = 1.6e9;
    for (let i = 0; i < ts.length; i++) {
      t += beacon && u() < 0.6 ? 60 * (1 + 0.1 * u()) : -30 * Math.log(1 - u());
      ts[i] = whole ? Math.round(t) : t;
    }
    const links = linkTests(ts);
    assert.deepEqual(links, plainLinkTests(ts));
    if (links.length > 0) found++;
  }
  assert.ok(found > 20 && found < 200, `${found} of 200`);
});
