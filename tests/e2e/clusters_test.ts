import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { importLogs } from "../../pipeline/import_logs.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { sessionClusters } from "../../routes/_session_clusters.ts";
import { demo } from "../_skerry.ts";
import { assertSvg } from "../islands/_picture.ts";
import { seed } from "../routes/seed.ts";
import { withSeeded } from "./_seeded.ts";
import {
  browserTest,
  type Scene,
  scrollWidth,
  violations,
  withScene,
} from "./_browser.ts";

/** The demo's connections, really clustered. */
async function withDemo(test: (scene: Scene) => Promise<void>): Promise<void> {
  const file = await Deno.makeTempFile({ suffix: ".db" });
  await Deno.remove(file);
  let store: SessionStore | undefined;
  try {
    await withScene({
      location: file,
      async seed(made) {
        store = made;
        const dataset = await made.openDataset("office");
        await importLogs(made, dataset, `${demo}conn.log.gz`);
      },
      clusters: (...args) => sessionClusters(store!)(...args),
    }, test);
  } finally {
    for (const end of ["", "-wal", "-shm"]) {
      await Deno.remove(file + end).catch(() => {});
    }
  }
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
    withSeeded(2000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector('skerry-island[name="Clusters"][ready]');
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
    withSeeded(2000, async ({ open, errors }) => {
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
    withSeeded(2000, async ({ open, errors }) => {
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
    withSeeded(60_000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await drawn(page, "PC 1", 60_000);
      assert.match(
        (await page.textContent("[aria-label=Plot] header"))!,
        /density/,
      );
      assert.deepEqual(errors, []);
    }),
);

/** Drags over a part of the plot, given as shares of its inner area. */
async function drag(
  page: Page,
  from: readonly [number, number],
  to: readonly [number, number],
): Promise<void> {
  const box = (await page.locator(".plane .over .ax").boundingBox())!;
  const at = ([x, y]: readonly [number, number]) =>
    [box.x + x * box.width, box.y + y * box.height] as const;
  await page.mouse.move(...at(from));
  await page.mouse.down();
  await page.mouse.move(...at(to), { steps: 4 });
  await page.mouse.up();
}

browserTest(
  "the plane's regions, axes and centroids are those that were looked at",
  () =>
    withSeeded(2000, async ({ open, errors }) => {
      const page = await open("/clusters");
      await drawn(page, "PC 1", 2000);
      const html = await page.evaluate(() =>
        [".plane .under", ".plane .over"]
          .map((name) => document.querySelector(name)!.innerHTML).join("")
      );
      const rounded = html.replace(
        /-?\d+\.\d+(?![^<]*<\/text>)/g,
        (n) => String(Math.round(Number(n))),
      );
      await assertSvg(`<svg>${rounded}</svg>`, "plane");
      assert.deepEqual(errors, []);
    }),
);

const PLANE = '.plane[data-in-view]:not([data-in-view="0"])';

browserTest(
  "a box over the plot lists its sessions, and Esc takes it away",
  () =>
    withDemo(async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector(PLANE);
      assert.ok(await page.locator(".under .region").count() >= 15);
      await drag(page, [0.02, 0.02], [0.98, 0.98]);
      const title = page.locator('[aria-label="Selected sessions"] h2');
      await title.waitFor();
      assert.match(
        (await title.textContent())!,
        /^1\d\u202f\d{3}.sessions in the box/,
      );
      const uid = page.locator(".virtual tbody a").first();
      await uid.waitFor();
      assert.match(
        (await uid.getAttribute("href"))!,
        /^\/sessions\/C.+dataset=office/,
      );
      const rows = await page.locator(".virtual tbody tr").count();
      assert.ok(rows < 60, `${rows} rows are drawn`);
      await page.focus(".plane");
      await page.keyboard.press("Escape");
      await title.waitFor({ state: "detached" });
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "the keyboard alone draws a box, takes it, fills the plot with it and goes back",
  () =>
    withDemo(async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector(PLANE);
      const all = await inView(page);
      await page.focus(".plane");
      await page.keyboard.press("b");
      for (let i = 0; i < 30; i++) await page.keyboard.press("Shift+ArrowDown");
      for (let i = 0; i < 10; i++) await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("Enter");
      await page.waitForSelector('[aria-label="Selected sessions"]');
      await page.keyboard.press("f");
      await page.waitForFunction(
        (n) =>
          Number(
            document.querySelector(".plane")!.getAttribute("data-in-view"),
          ) <
            n,
        all,
      );
      await page.keyboard.press("z");
      await page.waitForSelector(`.plane[data-in-view="${all}"]`);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "DBSCAN is computed from the form, saved, and loaded after a reload",
  () =>
    withDemo(async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector(PLANE);
      await page.check('input[value="dbscan"]');
      await page.fill("#dbscan-eps", "0");
      await page.click("button.primary");
      const wrong = page.locator("#dbscan-eps-hint.what");
      await wrong.waitFor();
      assert.match((await wrong.textContent())!, /must be a number in \(0,/);
      await page.click("text=Help with eps");
      await page.waitForSelector("text=must be a number");
      await page.fill("#dbscan-eps", "0.3");
      await page.click("text=Help with eps");
      await page.click("section >> text=/^Use /");
      const eps = Number(await page.inputValue("#dbscan-eps"));
      assert.ok(eps > 0 && eps !== 0.3, `${eps}`);
      await page.fill("#dbscan-eps", "0.4");
      await page.click("button.primary");
      await page.waitForSelector("text=core samples");
      assert.match(page.url(), /algorithm=dbscan.*eps=0\.4/);
      const noise = await page.locator("tr", { hasText: "noise" }).first()
        .textContent();
      await page.fill("#model-name", "night");
      await page.click("text=Save model");
      await page.waitForSelector("text=Saved as night.");
      await page.reload();
      await page.waitForSelector("text=1 DBSCAN model, the last night");
      await page.check('input[value="saved"]');
      await page.click("button.primary");
      await page.waitForURL(/model=night/);
      await page.waitForSelector("text=core samples");
      assert.equal(
        await page.locator("tr", { hasText: "noise" }).first().textContent(),
        noise,
      );
      await page.selectOption("#compare-with", { index: 1 });
      await page.waitForSelector("text=Adjusted Rand index");
      assert.deepEqual(errors, ERRORS_400);
    }),
);

/** What the console says of the two refusals that the test asks for. */
const ERRORS_400 = Array(2).fill(
  "Failed to load resource: the server responded with a status of 400 (Bad Request)",
);

browserTest(
  "a fit under way survives a reload, stands in every page's status log, and is cancelled by its button",
  () =>
    withScene({
      seed,
      clusters: (_dataset, _spec, { signal, onProgress }) => {
        onProgress?.({ stage: "fitting", done: 3, total: 10, unit: "starts" });
        return new Promise((_, reject) =>
          signal!.addEventListener("abort", () => reject(signal!.reason))
        );
      },
    }, async ({ open, errors }) => {
      const page = await open("/clusters");
      await page.waitForSelector("text=fitting: 3 of 10 starts");
      await page.reload();
      await page.waitForSelector("text=fitting: 3 of 10 starts");
      const other = await open("/datasets");
      await other.waitForSelector("#status.busy");
      await other.click("#status summary");
      await other.waitForSelector("#status li.running progress");
      await page.click(".state >> text=Cancel");
      await page.waitForSelector("h2:has-text('Cancelled')");
      await other.waitForSelector("#status:not(.busy)");
      assert.equal(await other.locator("#status li.cancelled").count(), 1);
      assert.deepEqual(errors, []);
    }),
);

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(
      `the cluster lab is without axe violations, ${colorScheme}, ${width} px`,
      () =>
        withDemo(async ({ open, errors }) => {
          for (const path of ["/clusters", "/clusters?algorithm=dbscan"]) {
            const page = await open(path, { width, colorScheme });
            if (path.includes("dbscan")) await page.click("button.primary");
            await page.waitForSelector(PLANE);
            assert.deepEqual(await violations(page), [], path);
            assert.ok(await scrollWidth(page) <= width, path);
            await page.close();
          }
          assert.deepEqual(errors, []);
        }),
    );
  }
}
