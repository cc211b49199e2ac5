import assert from "node:assert/strict";
import { findings } from "../routes/seed.ts";
import { browserTest, scrollWidth, violations } from "./_browser.ts";
import { withSeeded } from "./_seeded.ts";

browserTest(
  "the theme is toggled by t and kept by the next page",
  () =>
    withSeeded(100, async ({ open, errors }) => {
      const page = await open("/");
      const theme = () => page.getAttribute("html", "data-theme");
      assert.equal(await theme(), null);
      // Scripts come behind the first paint.
      await page.waitForLoadState("networkidle");
      await page.keyboard.press("t");
      assert.equal(await theme(), "dark");
      await page.goto(new URL("/clusters", page.url()).href);
      assert.equal(await theme(), "dark");
      await page.click("#theme");
      assert.equal(await theme(), "light");
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a verdict is set with its button and shown in the list",
  () =>
    withSeeded(100, async ({ open, errors }) => {
      const page = await open(`/findings/${findings()[0].id}`);
      await page.click("button[value=benign]");
      await page.waitForSelector('button[aria-pressed="true"]');
      await page.click(".crumb a");
      const row = page.locator(".frow[aria-rowindex='2']");
      assert.match((await row.textContent())!, /benign/);
      assert.deepEqual(errors, []);
    }),
);

const PATHS = [
  "/",
  `/findings/${findings()[0].id}`,
  `/findings/${findings()[3].id}`,
];

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(
      `every page is without axe violations, ${colorScheme}, ${width} px`,
      () =>
        withSeeded(100, async ({ open, errors }) => {
          for (const path of PATHS) {
            const page = await open(path, { width, colorScheme });
            assert.deepEqual(await violations(page), [], path);
            const wide = await scrollWidth(page);
            assert.ok(wide <= width, `${path} is ${wide} px wide`);
            await page.close();
          }
          assert.deepEqual(errors, []);
        }),
    );
  }
}
