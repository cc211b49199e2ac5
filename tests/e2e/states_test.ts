import assert from "node:assert/strict";
import { finding, seed } from "../routes/seed.ts";
import { browserTest, violations, withScene } from "./_browser.ts";

const ROWS = '.frow[aria-busy="true"]';

function many(count: number) {
  const ts = Float64Array.of(1_672_844_500, 1_672_844_800);
  return Array.from({ length: count }, (_, i) =>
    finding({
      score: 0.9 - 0.6 * i / count,
      summary: `row ${i}.`,
      ts,
      src: `10.${i >> 16}.${i >> 8 & 255}.${i & 255}`,
    }, i + 1));
}

const seeded = (count: number) => ({
  seed: (store: Parameters<typeof seed>[0]) =>
    seed(store, "office", { findings: many(count) }),
});

browserTest(
  "rows that are slow have a skeleton, rows that fail say why and come with Retry",
  () =>
    withScene(seeded(1000), async ({ open }) => {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open("/", { colorScheme });
        await page.waitForSelector('skerry-island[name="Findings"][ready]');
        const gate = Promise.withResolvers<void>();
        let broken = false;
        await page.route("**/api/findings?*", async (route) => {
          await gate.promise;
          if (broken) {
            await route.fulfill({
              status: 500,
              json: { error: "Cannot read the store: the disk is full" },
            });
          } else await route.continue();
        });
        await page.evaluate(() => {
          document.querySelector(".flist")!.scrollTop = 30_000;
        });
        await page.locator(ROWS).first().waitFor();
        assert.deepEqual(await violations(page), []);
        broken = true;
        gate.resolve();
        const alert = page.getByRole("alert");
        await alert.waitFor();
        assert.match((await alert.textContent())!, /the disk is full/);
        assert.deepEqual(await violations(page), []);
        broken = false;
        await alert.getByRole("button", { name: "Retry" }).press("Enter");
        await alert.waitFor({ state: "detached" });
        await page.locator(ROWS).first().waitFor({ state: "detached" });
        await page.close();
      }
    }),
);

browserTest(
  "a search that fails keeps the list, and Retry asks again",
  () =>
    withScene(seeded(60), async ({ open }) => {
      const page = await open("/");
      await page.waitForSelector('skerry-island[name="Findings"][ready]');
      let fail = true;
      await page.route(
        "**/api/findings?*",
        (route) =>
          fail
            ? route.fulfill({ status: 500, json: { error: "Cannot read it" } })
            : route.continue(),
      );
      await page.fill("#q", "severity:critical");
      await page.press("#q", "Enter");
      await page.locator(".said-line", { hasText: "Cannot read it" }).waitFor();
      assert.ok(await page.locator(".frow").count() > 20);
      fail = false;
      await page.getByRole("button", { name: "Retry" }).click();
      await page.waitForURL(/q=severity/);
      await page.locator(".said-line", { hasText: "10" }).waitFor();
      await page.close();
    }),
);

browserTest(
  "a server that is gone is said in a banner on any page, and its return takes it away",
  () =>
    withScene(seeded(5), async ({ open }) => {
      const page = await open("/");
      await page.waitForSelector('skerry-island[name="Findings"][ready]');
      await page.context().setOffline(true);
      await page.keyboard.press("o");
      const banner = page.locator("#gone");
      await banner.waitFor();
      assert.match((await banner.textContent())!, /Skerry does not answer/);
      const reasons = page.locator(".unfolded [role=alert]");
      assert.match((await reasons.textContent())!, /Cannot reach Skerry/);
      await page.context().setOffline(false);
      await banner.getByRole("button", { name: "Try again" }).press("Enter");
      await banner.waitFor({ state: "detached" });
      await reasons.getByRole("button", { name: "Retry" }).click();
      await page.locator(".sides").waitFor();
      await page.close();
    }),
);

browserTest(
  "high contrast keeps what is current apart, and is without axe violations",
  () =>
    withScene(seeded(5), async ({ browser, base }) => {
      const page = await browser.newPage({ forcedColors: "active" });
      await page.goto(`${base}/?q=lane:egress`);
      await page.waitForSelector('skerry-island[name="Findings"][ready]');
      const styleOf = (selector: string, name: string) =>
        page.locator(selector).first().evaluate(
          (element, name) => getComputedStyle(element).getPropertyValue(name),
          name,
        );
      assert.equal(
        await styleOf(".frow[aria-current]", "outline-style"),
        "solid",
      );
      const edge = (selector: string) =>
        styleOf(selector, "border-block-end-color");
      for (const  of of[".lanes a", ".bar nav a"]) {
        assert.notEqual(
          await edge(`${of}[aria-current]`),
          await edge(`${of}:not([aria-current])`),
          of,
        );
      }
      assert.deepEqual(await violations(page), []);
      await page.close();
    }),
);
