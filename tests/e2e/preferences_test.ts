import assert from "node:assert/strict";
import { findings, seed } from "../routes/seed.ts";
import { browserTest, violations, withScene } from "./_browser.ts";

browserTest(
  "a zone that is chosen is kept, and all times of list and finding are in it",
  () =>
    withScene({ seed, timeZone: "Asia/Tokyo" }, async ({ open, errors }) => {
      const page = await open("/settings");
      await page.locator("footer", { hasText: "times in Asia/Tokyo" })
        .waitFor();
      await page.waitForSelector('skerry-island[name="Preferences"][ready]');
      assert.deepEqual(await violations(page), []);
      await page.selectOption("#zone", "America/New_York");
      await page.locator("footer", { hasText: "times in America/New_York" })
        .waitFor();
      await page.goto(new URL("/", page.url()).href);
      await page.waitForSelector('skerry-island[name="Findings"][ready]');
      // 15:00:40 UTC, drawn by the server and again by the island.
      assert.match(
        await page.locator(".frow:not(.fhead) .c-first").first().innerText(),
        /2023-01-04 10:00/,
      );
      await page.locator(".fhead", { hasText: "America/New_York" }).waitFor();
      await page.goto(
        new URL(`/findings/${findings()[0].id}`, page.url()).href,
      );
      const text = await page.locator("main").innerText();
      assert.match(text, /2023-01-04 10:00 to/);
      assert.doesNotMatch(text, /UTC/);
      await page.close();
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "single keys do nothing where somebody has switched them off",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const page = await open("/settings");
      await page.waitForSelector('skerry-island[name="Preferences"][ready]');
      await page.uncheck("#keys");
      for (const path of ["/", `/findings/${findings()[0].id}`]) {
        await page.goto(new URL(path, page.url()).href);
        await page.waitForSelector("skerry-island[ready]");
        for (const key of ["c", "1", "t", "s", "?"]) {
          await page.keyboard.press(key);
        }
      }
      await page.waitForTimeout(300);
      assert.equal((await store.marks()).size, 0);
      assert.equal(await page.locator("dialog[open]").count(), 0);
      assert.equal(
        await page.evaluate(() => document.documentElement.dataset.theme),
        undefined,
      );
      assert.deepEqual(errors, []);
    }),
);
