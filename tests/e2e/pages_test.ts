import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { findings, seed } from "../routes/seed.ts";
import { computeClusters } from "../routes/seed_clusters.ts";
import {
  browserTest,
  type Scene,
  scrollWidth,
  violations,
  withScene,
} from "./_browser.ts";

/** The seeded store, with a clustering of so many sessions. */
function withBrowser(
  sessions: number,
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  return withScene({ seed, clusters: computeClusters(sessions) }, test);
}

/**
 * Waits until the plot shows a feature across, and so many sessions. Axis
 * titles are drawn with the points, once a frame.
 */
async function drawn(page: Page, across: string, count: number): Promise<void> {
  await page.locator(".plane .over > g > text").filter({ hasText: across })
    .first().waitFor({ state: "attached" });
  await page.waitForSelector(`.plane[data-in-view="${count}"]`);
}

/** What the canvas shows, as text that can be compared. */
function picture(page: Page): Promise<string> {
  return page.evaluate(() =>
    document.querySelector<HTMLCanvasElement>(".plane canvas")!.toDataURL()
  );
}

async function inView(page: Page): Promise<number> {
  return Number(await page.getAttribute(".plane", "data-in-view"));
}

browserTest(
  "Clusters hydrates and its selectors change the plot",
  () =>
    withBrowser(2000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector("skerry-island[ready]");
      await drawn(page, "PC 1", 2000);
      const first = await picture(page);
      await page.selectOption("#axis-x", "4");
      await drawn(page, "duration", 2000);
      const second = await picture(page);
      assert.notEqual(second, first);
      await page.check("#axis-log");
      await page.waitForFunction(
        (old) =>
          document.querySelector<HTMLCanvasElement>(".plane canvas")!
            .toDataURL() !== old,
        second,
      );
      assert.match((await page.textContent(".plane .over"))!, /duration, log/);
      assert.equal(await page.locator(".legend .tag").count(), 3);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "Clusters zooms by keys, buttons and Ctrl + wheel; 0 resets",
  () =>
    withBrowser(2000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await drawn(page, "PC 1", 2000);
      const less = () =>
        page.waitForSelector('.plane:not([data-in-view="2000"])');
      await page.focus(".plane");
      for (let i = 0; i < 4; i++) await page.keyboard.press("+");
      await less();
      await page.keyboard.press("0");
      await drawn(page, "PC 1", 2000);
      for (let i = 0; i < 4; i++) await page.click("#zoom-in");
      await less();
      await page.click("#zoom-reset");
      await drawn(page, "PC 1", 2000);
      await page.locator(".plane").hover();
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -600);
      await page.keyboard.up("Control");
      await less();
      assert.ok(await inView(page) < 2000);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "Clusters reads out the session under the pointer",
  () =>
    withBrowser(2000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await drawn(page, "PC 1", 2000);
      const box = (await page.locator(".plane .over").boundingBox())!;
      const mark = page.locator(".plane .cross").first();
      const at = (await mark.boundingBox())!;
      assert.ok(at.x > box.x);
      await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2);
      await page.waitForSelector(".plane .near");
      assert.match(
        (await page.textContent(".reading"))!,
        /^cluster 1 · PC 1 .+ · PC 2 .+ · C\d+$/,
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "Clusters draws 60,000 sessions as a density raster",
  () =>
    withBrowser(60_000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await drawn(page, "PC 1", 60_000);
      assert.match((await page.textContent(".panel header"))!, /density/);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "the theme is toggled by t and kept by the next page",
  () =>
    withBrowser(100, async ({ open, errors }) => {
      const page = await open("/");
      const theme = () => page.getAttribute("html", "data-theme");
      assert.equal(await theme(), null);
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
    withBrowser(100, async ({ open, errors }) => {
      const page = await open(`/findings/${findings()[0].id}`);
      await page.click("button[value=benign]");
      await page.waitForSelector('button[aria-pressed="true"]');
      await page.click(".crumb a");
      const row = page.locator(".find tbody tr").first();
      assert.match((await row.textContent())!, /benign/);
      assert.deepEqual(errors, []);
    }),
);

const PATHS = [
  "/",
  `/findings/${findings()[0].id}`,
  `/findings/${findings()[3].id}`,
  "/clusters",
];

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(
      `every page is without axe violations, ${colorScheme}, ${width} px`,
      () =>
        withBrowser(2000, async ({ open, errors }) => {
          for (const path of PATHS) {
            const page = await open(path, { width, colorScheme });
            if (path === "/clusters") await drawn(page, "PC 1", 2000);
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
