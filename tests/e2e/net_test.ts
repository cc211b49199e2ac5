import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { json, withFolder } from "../_skerry.ts";
import { EACH, seedRequests } from "../routes/seed_net.ts";
import { browserTest, scrollWidth, violations, withScene } from "./_browser.ts";

const seed = (store: SessionStore) => seedRequests(store);

/** A step of a browser that takes longer is stuck. */
const LIMIT = 20_000;

async function ready(page: Page): Promise<void> {
  page.setDefaultTimeout(LIMIT);
  await page.waitForSelector("skerry-island[ready]");
}

/** Trains and waits for the list. */
async function train(page: Page): Promise<void> {
  await page.fill("#net-maxIter", "60");
  await page.click("#train");
  await page.waitForSelector(".pairs");
  await page.waitForSelector("#train:enabled");
}

const pressed = (page: Page) =>
  page.locator('.pairs button[aria-pressed="true"]').count();

browserTest(
  "a net is trained, its hits decided on by keyboard, and learned from",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const page = await open("/neural-net");
      await ready(page);
      await train(page);
      assert.match((await page.textContent(".lines text:last-of-type"))!, /\S/);
      const judged = "Learned from ";
      assert.ok((await page.textContent(".net"))!.includes(judged));

      // Unlabelled pairs come first where the net is least sure or most: find one.
      const rows = page.locator(".pairs tbody tr:not(.line)");
      const labels = await rows.locator(".label").allTextContents();
      const open1 = labels.findIndex((text) => text === "–");
      assert.ok(open1 >= 0);
      for (let i = 0; i <= open1; i++) await page.keyboard.press("j");
      await page.keyboard.press("k");
      await page.keyboard.press("j");
      const current = page.locator(".pairs tr[aria-current]");
      assert.equal(await current.locator(".label").textContent(), "–");

      await page.keyboard.press("Enter");
      await page.waitForSelector(".sessions table.raw");
      assert.equal(await page.locator(".sessions tbody tr").count(), 10);
      await page.keyboard.press("Enter");

      await page.keyboard.press("c");
      await page.waitForSelector(".toast:not(.none)");
      assert.match(
        (await page.textContent(".toast"))!,
        new RegExp(`^Confirmed .*: ${EACH}\u00a0sessions\\.`),
      );
      assert.match(
        (await page.textContent("#retrain"))!,
        /with 1\u00a0decision$/,
      );
      await page.keyboard.press("r");
      await page.waitForFunction(() =>
        document.querySelector(".toast")!.textContent!.startsWith("Rejected")
      );
      const dataset = (await store.findDataset("lab"))!;
      const said = async () =>
        (await store.labels(dataset)).map(({ value }) => value);
      assert.deepEqual(await said(), new Array(EACH).fill(0));
      await page.keyboard.press("u");
      await page.waitForFunction(() =>
        document.querySelector(".toast")!.textContent!.startsWith("Confirmed")
      );
      assert.deepEqual(await said(), new Array(EACH).fill(1));

      await page.keyboard.press("Enter");
      await page.waitForSelector(".said");
      const history = await page.locator(".said li").allTextContents();
      assert.deepEqual(
        history.map((text) => text.split(" ")[0]),
        ["Confirmed", "Rejected", "Confirmed"],
      );
      assert.match(
        history[0],
        /UTC: neural-net lab, a net trained .+: P [01]\./,
      );

      await page.reload();
      await ready(page);
      assert.equal(await pressed(page), 1, "decisions outlive the page");
      const before = (await page.textContent(".net"))!;
      assert.match(before, /96\u00a0requests without a label/);
      await page.click("#retrain");
      await page.waitForFunction(() =>
        document.querySelector(".net")!.textContent!.includes(
          "72\u00a0requests without a label",
        )
      );
      assert.match(
        (await page.textContent("#retrain"))!,
        /with 0\u00a0decisions/,
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "the threshold moves counts, curve and line, by keyboard, too",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/neural-net");
      await ready(page);
      await train(page);
      const counts = async () =>
        (await page.locator("#tp, #fn, #fp, #tn").allTextContents()).map(
          Number,
        );
      const total = (await counts()).reduce((a, b) => a + b, 0);
      await page.focus("#threshold");
      await page.keyboard.press("Home");
      const low = await counts();
      assert.equal(low[1], 0, "nothing is missed at the lowest threshold");
      await page.keyboard.press("End");
      const high = await counts();
      assert.ok(high[0] <= low[0] && high[2] <= low[2]);
      for (const all of [low, high]) {
        assert.equal(all.reduce((a, b) => a + b, 0), total);
      }
      await page.click("text=Set to best F₁");
      const value = Number(await page.inputValue("#threshold"));
      assert.ok(value > -240 && value <= 240);
      assert.match((await page.textContent(".pairs .line"))!, /benign below/);
      await page.click("#order-unsure");
      assert.equal(await page.locator(".pairs .line").count(), 0);
      const shown = (await page.locator(".pairs .p").allTextContents())
        .map(Number);
      const threshold = Number(await page.textContent("h2 .accent"));
      const far = shown.map((p) => Math.abs(p - threshold));
      far.slice(1).forEach((d, i) =>
        assert.ok(d >= far[i] - 0.002, `${shown}`)
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a net is saved, and loaded by a page that is opened anew",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/neural-net");
      await ready(page);
      assert.equal(
        await page.textContent("#saved-note"),
        "No net is saved yet.",
      );
      await train(page);
      await page.fill("#save-name", "office net");
      await page.click("#save");
      await page.waitForSelector(".saved");
      await page.waitForSelector("#save", { state: "detached" });
      assert.match(
        (await page.textContent("#saved-note"))!,
        /^Saved: office net/,
      );
      await page.reload();
      await ready(page);
      await page.click("text=Load saved");
      await page.click("#load");
      await page.waitForFunction(() =>
        /asked about 816\u00a0requests/.test(
          document.querySelector(".net")!.textContent!,
        )
      );
      const rows = page.locator(".pairs > tbody > tr:not(.line)");
      assert.equal(await rows.count(), 25);
      await page.click("#all");
      assert.equal(await rows.count(), 34);
      await page.check(".saved input");
      await page.waitForSelector(".lines .l1");
      const download = page.waitForEvent("download");
      await page.click(".saved a.button");
      const file = await (await download).path();
      assert.equal(
        JSON.parse(await Deno.readTextFile(file)).format,
        "skerry-model",
      );
      await page.setInputFiles("#import-file", {
        name: "brought.json",
        mimeType: "application/json",
        buffer: (await import("node:buffer")).Buffer.from(
          await Deno.readFile(file),
        ),
      });
      await page.click("#import");
      await page.waitForFunction(() =>
        document.querySelectorAll(".saved tbody tr").length === 2
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a training is seen live, survives a reload and is cancelled",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/neural-net");
      await ready(page);
      await page.selectOption("#net-solver", "adam");
      await page.fill("#net-maxIter", "1000000");
      await page.click(".params summary");
      await page.fill("#net-nIterNoChange", "1000000");
      await page.click("#train");
      const iterations = () =>
        page.waitForFunction(() => {
          const text = document.querySelector(".go [role=status]")?.textContent;
          return /training: [1-9]/.test(text ?? "");
        });
      await iterations();
      await page.waitForFunction(() =>
        document.querySelector(".lines path.l0")?.getAttribute("d")
          ?.includes("L")
      );
      await page.reload();
      await ready(page);
      await iterations();
      assert.equal(await page.isEnabled("#train"), false);
      await page.click("#cancel");
      await page.waitForFunction(() =>
        document.querySelector(".go")!.textContent!.startsWith(
          "Cancelled after",
        )
      );
      assert.equal(await page.isEnabled("#train"), true);
      assert.equal(await page.locator(".pairs").count(), 0);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "wrong values are told in place of the hint, before and after they are sent",
  () =>
    withScene({ seed }, async ({ open }) => {
      const page = await open("/neural-net");
      await ready(page);
      await page.fill("#net-maxIter", "0");
      await page.press("#net-maxIter", "Tab");
      assert.equal(
        await page.textContent("#net-maxIter-hint"),
        "must be a whole number in [1, 10⁶], got 0",
      );
      assert.equal(
        await page.getAttribute("#net-maxIter", "aria-invalid"),
        "true",
      );
      await page.fill("#net-train", "0");
      await page.click("#train");
      await page.waitForFunction(() =>
        document.querySelector("#net-train-hint")!.textContent!
          .includes("must be a number in (0, ")
      );
      assert.match(
        (await page.textContent(".go [role=alert]"))!,
        /Cannot train/,
      );
      await page.fill("#net-maxIter", "60");
      await page.fill("#net-train", "0.8");
      await page.click("#train");
      await page.waitForSelector(".pairs");
      assert.equal(await page.locator(".go [role=alert]").count(), 0);
      assert.match((await page.textContent("#net-train-hint"))!, /^1 or more/);
    }),
);

browserTest(
  "the original's settings are set with a button, and refused where there are too few requests",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/neural-net");
      await ready(page);
      await page.fill("#net-alpha", "0.5");
      await page.uncheck("#net-useAnswers");
      await page.click("#as-original");
      assert.equal(await page.inputValue("#net-features"), "http");
      assert.equal(await page.inputValue("#net-train"), "20000");
      assert.equal(await page.inputValue("#net-classify"), "2000");
      assert.equal(await page.inputValue("#net-alpha"), "0.00001");
      assert.ok(await page.isChecked("#net-useAnswers"));
      await page.click("#train");
      await page.waitForSelector(".go [role=alert]");
      assert.equal(
        await page.textContent(".go [role=alert]"),
        "Cannot train on 20000 rows: there are only 720 labelled rows",
      );
      await page.fill("#net-train", "500");
      await page.click("#train");
      await page.waitForSelector(".pairs");
      assert.match((await page.textContent(".net"))!, /split first rows/);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "the page's loss and hits are those of the command line",
  () =>
    withFolder((folder) => {
      const location = `${folder}/s.sqlite`;
      return withScene({ seed, location }, async ({ open, base }) => {
        const page = await open("/neural-net");
        await ready(page);
        await train(page);
        const response = await page.request.get(
          `${base}/api/net/view?dataset=lab`,
          { headers: { origin: base } },
        );
        const view = await response.json();
        const told = await json(
          ...["mlp", "train", "lab", "--train", "0.8", "--max-iter", "60"],
          ...["--features", "http-rich", "--store", location],
        );
        assert.equal(view.loss, told.loss);
        assert.equal(view.metrics.nIter, told.nIter);
        assert.deepEqual(view.metrics.train, told.train);
        assert.deepEqual(view.metrics.test, told.test);
        assert.deepEqual(view.metrics.scores, told.scores);
        const { truePositives, falsePositives } = told.scores.confusion;
        assert.equal(told.beacons.length, truePositives + falsePositives);
        const shown = await page.locator("#tp, #fp").allTextContents();
        assert.deepEqual(shown, [
          String(truePositives),
          String(falsePositives),
        ]);
      });
    }),
);

for (const width of [360, 1280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    browserTest(
      `the neural-net lab is without axe violations, ${colorScheme}, ${width} px`,
      () =>
        withScene({ seed }, async ({ open, errors }) => {
          const page = await open("/neural-net", { width, colorScheme });
          await ready(page);
          assert.deepEqual(await violations(page), [], "empty");
          await train(page);
          await page.click(".params summary");
          await page.locator(".pairs tbody tr").first().locator(".who button")
            .click();
          await page.waitForSelector(".sessions table");
          await page.keyboard.press("c");
          await page.waitForSelector(".toast:not(.none)");
          await page.fill("#save-name", "x");
          await page.click("#save");
          await page.waitForSelector(".saved");
          assert.deepEqual(await violations(page), [], "full");
          assert.ok(await scrollWidth(page) <= width);
          assert.deepEqual(errors, []);
        }),
    );
  }
}
