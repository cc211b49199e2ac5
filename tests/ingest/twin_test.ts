import assert from "node:assert/strict";
import { findLogs } from "../../pipeline/ingest/mod.ts";
import { assertTwins } from "./_twins.ts";
import { allFixtures, damaged, rounds } from "./_damage.ts";
import { fixture, sharedTest } from "./_logs.ts";

Deno.test("readLog reads every fixture as its plain twin does", async () => {
  const { logs } = await findLogs(fixture("."));
  assert.ok(logs.length > 20);
  for (const log of logs) await assertTwins(log);
});

Deno.test("readLog reads damaged logs as its plain twin does", async () => {
  const files = allFixtures();
  let lines = 0;
  await rounds(1000, async (path, random) => {
    await Deno.writeFile(path, damaged(files, random));
    for (const log of (await findLogs(path)).logs) {
      lines += await assertTwins(log);
    }
  });
  assert.ok(lines > 2000);
});

for (
  const folder of [
    "10-rita-missing-host",
    "12-rita-proxy-rolling",
    "13-rita-http-2018",
    "50-otrf-apt29-day1",
    "20-ctu-testing",
    "30-iot23-34-1",
    "40-m57-2009",
    "60-dns-tunnel-derived",
    "95-http-beacon-labelled",
    "90-parser-torture",
  ]
) {
  sharedTest(
    `readLog reads ${folder} as its plain twin does`,
    folder,
    async (path) => {
      const { logs } = await findLogs(path);
      let lines = 0;
      for (const log of logs) {
        // Damaged data end where each decoder happens to notice.
        if (/corrupt|truncated|badcrc/.test(log.path)) continue;
        lines += await assertTwins(log, { logTypes: "all" });
      }
      assert.ok(lines > 0);
    },
  );
}
