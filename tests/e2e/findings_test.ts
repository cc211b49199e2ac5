import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { finding, findings, seed } from "../routes/seed.ts";
import { browserTest, scrollWidth, violations, withScene } from "./_browser.ts";

const ready = (page: Page) =>
  page.waitForSelector('skerry-island[name="Findings"][ready]');

/** Waits until the line above the list says it. */
const says = (page: Page, text: string) =>
  page.locator(".said-line", { hasText: text }).waitFor();

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

browserTest(
  "200 findings are decided by keyboard alone, and the last is undone",
  () =>
    withScene({
      seed: (store) => seed(store, "office", { findings: many(220) }),
    }, async ({ open, store, errors }) => {
      const page = await open("/");
      await ready(page);
      for (let i = 0; i < 200; i++) {
        await page.keyboard.press(i % 2 ? "c" : "r");
      }
      await page.waitForFunction(() =>
        document.querySelector(".frow[aria-current] .c-what")?.textContent
          ?.includes("row 200.")
      );
      await says(page, "1 finding: beacon");
      const deadline = Date.now() + 20_000;
      while ((await store.marks()).size < 200 && Date.now() < deadline) {
        await page.waitForTimeout(50);
      }
      const marks = [...(await store.marks()).values()];
      assert.equal(marks.filter(({ regular }) => regular === true).length, 100);
      assert.equal(
        marks.filter(({ regular }) => regular === false).length,
        100,
      );
      await page.keyboard.press("u");
      await says(page, "Undone: 1");
      const left = [...(await store.marks()).values()];
      assert.equal(left.filter(({ regular }) => regular !== null).length, 199);
      for (let i = 0; i < 30; i++) await page.keyboard.press("k");
      await page.keyboard.press("n");
      await page.waitForFunction(() =>
        document.querySelector(".frow[aria-current] .c-what")?.textContent
          ?.includes("row 199.")
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a list is searched, safelisted with a preview, undone and scored again",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const page = await open("/");
      await ready(page);
      await page.keyboard.press("/");
      await page.keyboard.type("severity:>=high");
      await page.keyboard.press("Enter");
      await page.waitForURL(/q=severity/);
      await page.keyboard.press("Escape");
      await page.keyboard.press("s");
      await page.locator(".preview", { hasText: "Hides 1" }).waitFor();
      assert.deepEqual(await violations(page), []);
      await page.getByRole("textbox", { name: "Reason" }).fill("ours");
      await page.keyboard.press("Enter");
      await says(page, "hidden by entry 1");
      assert.equal((await store.safelist()).length, 1);
      await page.locator(".hidden-by").waitFor();
      await page.keyboard.press("u");
      await page.locator(".hidden-by").waitFor({ state: "detached" });
      assert.equal((await store.safelist()).length, 0);
      await page.click(".rescore summary");
      await page.click(".rescore form button");
      await page.waitForURL((url) => !url.search.includes("run="));
      assert.equal((await store.runs()).length, 2);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "of 20,000 rows only those in view are in the document",
  () =>
    withScene({
      seed: (store) => seed(store, "office", { findings: many(20_000) }),
    }, async ({ open, errors }) => {
      const page = await open("/");
      await ready(page);
      await says(page, "20\u202f000\u00a0rows");
      await page.waitForFunction(() =>
        document.querySelectorAll(".frow").length < 80
      );
      await page.evaluate(() => {
        const box = document.querySelector(".flist")!;
        box.scrollTop = box.scrollHeight;
      });
      await page.locator(".c-what", { hasText: "row 19999." }).waitFor();
      assert.ok(await page.locator(".frow").count() < 80);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "the list unfolds a row and has no axe violation in either theme, at any width",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      for (const colorScheme of ["light", "dark"] as const) {
        for (const width of [360, 1280, 2560]) {
          const page = await open("/?q=port:x", { width, colorScheme });
          await ready(page);
          await page.keyboard.press("o");
          await page.locator(".sides").waitFor();
          assert.deepEqual(
            await violations(page),
            [],
            `${colorScheme} ${width}`,
          );
          assert.ok(await scrollWidth(page) <= width, `${width}`);
          await page.close();
        }
      }
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "one finding is answered, undone, safelisted and left by keyboard, in both themes",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const [first, second] = findings();
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await open(`/findings/${first.id}`, { colorScheme });
        await page.waitForSelector(
          'skerry-island[name="FindingAnswers"][ready]',
        );
        const pressed = (value: string) =>
          page.locator(`button[aria-pressed="true"]`, { hasText: value });
        await page.keyboard.press("1");
        await pressed("malicious").waitFor();
        await page.keyboard.press("c");
        await pressed("beacon").waitFor();
        const said = await store.opinion(first.id);
        assert.deepEqual([said.verdict, said.regular], ["malicious", true]);
        await page.keyboard.press("u");
        await pressed("beacon").waitFor({ state: "detached" });
        await page.keyboard.press("u");
        await pressed("malicious").waitFor({ state: "detached" });
        assert.equal((await store.opinion(first.id)).verdict, null);
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press("s");
        await page.locator(".preview", { hasText: "Hides 1" }).waitFor();
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press("Escape");
        await page.locator("dialog[open]").waitFor({ state: "detached" });
        await page.keyboard.press("]");
        await page.waitForURL((url) => url.pathname.endsWith(second.id));
        await page.close();
      }
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "who answers is asked once, without stopping the keys, and stands beside the answers",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const [first, second] = findings();
      const page = await open("/");
      await ready(page);
      await page.keyboard.press("c");
      const name = page.getByRole("textbox", { name: "Who says so?" });
      await name.waitFor();
      await page.keyboard.press("r");
      await page.locator(".frow", { hasText: "not a beacon" }).waitFor();
      assert.deepEqual(await violations(page), []);
      await name.fill("Zoë");
      await name.press("Enter");
      await page.locator(".by", { hasText: "as Zoë" }).waitFor();
      await page.goto(new URL(`/findings/${first.id}`, page.url()).href);
      await page.waitForSelector('skerry-island[name="FindingAnswers"][ready]');
      await page.keyboard.press("1");
      await page.locator('button[aria-pressed="true"]', {
        hasText: "malicious",
      })
        .waitFor();
      assert.equal(await name.count(), 0);
      const said = await store.opinion(first.id);
      assert.deepEqual(
        said.history.map(({ who, about }) => [who, about]),
        [["", "regular"], ["Zoë", "verdict"]],
      );
      const labels = await store.labels((await store.datasets())[0]);
      assert.ok(
        first.uids.every((uid) =>
          labels.some((label) => label.uid === uid && label.value === 1)
        ),
      );
      assert.equal((await store.opinion(second.id)).regular, false);
      await page.close();
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "findings are asked for between two times, and the address keeps them",
  () =>
    withScene({ seed, timeZone: "Europe/Berlin" }, async ({ open, errors }) => {
      const page = await open("/");
      await ready(page);
      await page.fill("#seen-to", "2023-01-04T16:30");
      await page.locator("#seen-to").blur();
      await page.waitForURL((url) =>
        url.searchParams.get("q") === "seen:..2023-01-04T15:30"
      );
      await page.locator("#seen-to").waitFor();
      assert.equal(await page.inputValue("#seen-to"), "2023-01-04T16:30");
      await says(page, "3");
      await page.reload();
      await ready(page);
      await page.locator("#seen-to").waitFor();
      assert.equal(await page.inputValue("#seen-to"), "2023-01-04T16:30");
      await page.close();
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a finding prints as a report of few pages",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open(`/findings/${findings()[0].id}`);
      const pdf = new TextDecoder("latin1").decode(
        await page.pdf({ format: "A4" }),
      );
      const pages = pdf.match(/\/Type \/Page\b/g)!.length;
      assert.ok(pages >= 2 && pages <= 6, `${pages} pages`);
      await page.emulateMedia({ media: "print" });
      for (
        const name of [".answers button", "footer", "#theme", ".crumb .end"]
      ) {
        assert.equal(await page.locator(name).first().isVisible(), false, name);
      }
      assert.ok(await page.locator(".records h2").isVisible());
      await page.close();
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "lanes are tabs: one is chosen with the keyboard, the address keeps it, and all come back",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/?q=severity:>=low");
      await ready(page);
      const lanes = page.getByRole("navigation", { name: "Lanes" });
      await lanes.getByRole("link", { name: /^internal/ }).focus();
      await page.keyboard.press("Enter");
      await page.waitForURL((url) =>
        url.searchParams.get("q") === "lane:internal severity:>=low"
      );
      await says(page, "1");
      await page.reload();
      await ready(page);
      assert.match(
        (await lanes.locator("[aria-current]").textContent())!,
        /^internal 1/,
      );
      assert.match(
        (await page.locator(".frow .lane").first().textContent())!,
        /^internal 1$/,
      );
      await lanes.getByRole("link", { name: /^all/ }).click();
      await page.waitForURL((url) =>
        url.searchParams.get("q") === "severity:>=low"
      );
      await page.keyboard.press("j");
      await page.keyboard.press("o");
      await page.locator(".also", { hasText: "TLS fingerprint" }).waitFor();
      assert.deepEqual(await violations(page), []);
      await page.close();
      assert.deepEqual(errors, []);
    }),
);
