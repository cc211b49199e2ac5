import axe from "axe-core";
import assert from "node:assert/strict";
import { type Browser, chromium, type Page } from "playwright-core";
import { openStore } from "../../pipeline/store/mod.ts";
import { serve } from "../../routes/_server.ts";
import { build } from "../../tools/build.ts";
import {
  CHROMIUM_ARGS,
  findChromium,
  HOW_TO_INSTALL,
} from "../../tools/chromium.ts";
import { findings, seed } from "../routes/seed.ts";
import { computeClusters } from "../routes/seed_clusters.ts";

const ROOT = new URL("../../", import.meta.url);
const executablePath = findChromium();
if (executablePath === null) {
  console.log(`tests/e2e are skipped, no Chromium: ${HOW_TO_INSTALL}`);
}

interface Scene {
  readonly browser: Browser;
  readonly base: string;
  /** Console errors and exceptions of every page that `open` has made. */
  readonly errors: string[];
  open(path: string, options?: Viewing): Promise<Page>;
}

interface Viewing {
  readonly width?: number;
  readonly colorScheme?: "light" | "dark";
}

/** A server over a seeded store and a browser; both end with the test. */
async function withBrowser(
  sessions: number,
  test: (scene: Scene) => Promise<void>,
): Promise<void> {
  await build(ROOT);
  await using store = await openStore(":memory:");
  await seed(store);
  const stop = new AbortController();
  const listening = Promise.withResolvers<number>();
  const served = serve(ROOT, {
    store,
    port: 0,
    signal: stop.signal,
    clusters: computeClusters(sessions),
    version: "0",
    onListen: ({ port }) => listening.resolve(port),
  });
  // Its user data folder is a temporary one of its own.
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: [...CHROMIUM_ARGS],
  });
  try {
    const base = `http://127.0.0.1:${await listening.promise}`;
    await test(sceneOf(browser, base));
  } finally {
    await browser.close();
    stop.abort();
    await served;
  }
}

function sceneOf(browser: Browser, base: string): Scene {
  const errors: string[] = [];
  return {
    browser,
    base,
    errors,
    async open(path, { width = 1280, colorScheme = "light" } = {}) {
      const viewport = { width, height: 900 };
      const page = await browser.newPage({ viewport, colorScheme });
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") errors.push(message.text());
      });
      await page.goto(base + path);
      return page;
    },
  };
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

const browserTest = (name: string, fn: () => Promise<void>) =>
  Deno.test({ name, ignore: executablePath === null, fn });

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
            const wide = await page.evaluate(() =>
              document.documentElement.scrollWidth
            );
            assert.ok(wide <= width, `${path} is ${wide} px wide`);
            await page.close();
          }
          assert.deepEqual(errors, []);
        }),
    );
  }
}

/** "rule: element", for each violation. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return await page.evaluate(async () => {
    interface Violation {
      readonly id: string;
      readonly nodes: readonly { readonly html: string }[];
    }
    interface Axe {
      run(): Promise<{ readonly violations: readonly Violation[] }>;
    }
    const { axe } = globalThis as unknown as { axe: Axe };
    const { violations } = await axe.run();
    return violations.map((v) => `${v.id}: ${v.nodes[0].html}`);
  });
}
