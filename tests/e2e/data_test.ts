import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { connLog } from "../ingest/_logs.ts";
import { findings, seed, UIDS } from "../routes/seed.ts";
import {
  browserTest,
  type Scene,
  scrollWidth,
  violations,
  withScene,
} from "./_browser.ts";

const FIRST = findings()[0];

/** A folder `logs` with a log of so many lines that may be imported. */
async function withLogs(
  lines: number,
  test: (scene: Scene, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    await Deno.mkdir(`${folder}/logs`);
    const path = `${folder}/logs/conn.log`;
    await Deno.writeTextFile(path, connLog(lines) + "too\tfew\n");
    await withScene(
      { importRoots: [folder], location: `${folder}/skerry.db` },
      (scene) => test(scene, `${folder}/logs`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Walks to the folder and starts the import by keyboard alone. */
async function start(page: Page, dataset: string): Promise<void> {
  await page.waitForSelector("skerry-island[name=ImportForm][ready]");
  await page.click("text=Choose…");
  await page.locator(".folders button", { hasText: "logs" }).press("Enter");
  await page.fill("#into", dataset);
  await page.press("#into", "Enter");
  await page.waitForURL(/import=\d+/);
}

function state(page: Page, value: string): Promise<unknown> {
  return page.waitForSelector(`section[data-state=${value}]`, {
    timeout: 60_000,
  });
}

browserTest(
  "an import is followed to its report and its findings",
  () =>
    withLogs(2000, async ({ open, errors }, folder) => {
      const page = await open("/datasets");
      await start(page, "office");
      await state(page, "done");
      const text = (await page.textContent("main"))!;
      assert.match(text, /Imported office/);
      assert.match(text, /2\s?000 records read, 1 line skipped/);
      await page.click("table >> text=office");
      await page.waitForURL(/\/datasets\/\d+$/);
      const report = (await page.textContent("main"))!;
      assert.ok(report.includes(`${folder}/conn.log`));
      assert.match(report, /What was not read/);
      assert.match(report, /whole line/);
      await page.click(".crumb >> text=Findings");
      await page.waitForURL(/dataset=office/);
      assert.match((await page.textContent("h1"))!, /finding/i);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "an import survives a reload, is cancelled, and is done the next time",
  () =>
    withLogs(2000, async ({ open, store, errors }) => {
      // It waits while another import into the dataset is open.
      const other = await store.beginImport(await store.openDataset("office"));
      const page = await open("/datasets");
      await start(page, "office");
      await state(page, "running");
      await page.reload();
      await state(page, "running");
      assert.match((await page.textContent("h2"))!, /Importing office/);
      await page.waitForSelector("skerry-island[name=ImportProgress][ready]");
      await page.click("text=Cancel");
      await state(page, "cancelled");
      assert.match((await page.textContent("main"))!, /Nothing of it shows/);
      await other.abort();
      assert.deepEqual((await store.datasets())[0].records, {});
      await page.goto(new URL("/datasets", page.url()).href);
      await start(page, "office");
      await state(page, "done");
      assert.equal((await store.datasets())[0].records.conn, 2000);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "dropped files are imported; clearing old data asks first",
  () =>
    withLogs(10, async ({ open, store, errors }, folder) => {
      const page = await open("/datasets");
      await page.waitForSelector("skerry-island[name=ImportForm][ready]");
      const drop = async (lines: number) => {
        await Deno.writeTextFile(`${folder}/../drop.log`, connLog(lines));
        await page.setInputFiles("#dropped", `${folder}/../drop.log`);
      };
      await drop(40);
      await page.fill("#into", "dropped");
      await page.click("text=Import and hunt");
      await state(page, "done");
      assert.equal((await store.datasets())[0].records.conn, 40);
      await drop(60);
      await page.fill("#into", "dropped");
      await page.check("text=clear it first");
      const sure = page.locator("input[name=sure]");
      assert.match(
        (await sure.locator("..").textContent())!,
        /remove 1\s?file, 40\s?records and 1\s?run/,
      );
      await page.click("text=Import and hunt");
      assert.equal((await store.datasets())[0].records.conn, 40);
      await sure.check();
      await page.click("text=Import and hunt");
      await page.waitForURL(/import=2/);
      await state(page, "done");
      assert.equal((await store.datasets())[0].records.conn, 60);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "what the server refuses is said in the form",
  () =>
    withLogs(10, async ({ open }) => {
      const page = await open("/datasets");
      await page.waitForSelector("skerry-island[name=ImportForm][ready]");
      await page.fill("#folder", "/etc");
      await page.click("text=Import and hunt");
      const alert = await page.waitForSelector("[role=alert]");
      assert.match(
        (await alert.textContent())!,
        /Cannot read \/etc: it lies in no folder/,
      );
      assert.match(page.url(), /\/datasets$/);
    }),
);

browserTest(
  "a dataset is renamed, and deleted when that is ticked",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const page = await open("/datasets");
      await page.click("table >> text=office-2018");
      await page.click("text=Rename…");
      await page.fill("#rename", "case <b>7</b>\u202e");
      await page.click("button:text-is('Rename')");
      await page.waitForSelector("h1 >> text=case <b>7</b><U+202E>");
      await page.click("text=Delete…");
      await page.click("button:text-is('Delete')");
      assert.equal((await store.datasets()).length, 1);
      await page.check("input[name=sure]");
      await page.click("button:text-is('Delete')");
      await page.waitForSelector("p[data-state=done]");
      assert.deepEqual(await store.datasets(), []);
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "a search leads to a session, and a host to its peers",
  () =>
    withScene({ seed }, async ({ open, errors }) => {
      const page = await open("/sessions");
      await page.fill("input[name=q]", UIDS[3]);
      await page.press("input[name=q]", "Enter");
      await page.waitForURL(/\/sessions\/\w+/);
      const text = (await page.textContent("main"))!;
      assert.match(text, /orig_bytes/);
      // The service of this one is hostile: shown, not run.
      assert.ok(!text.includes("\u202e"));
      await page.click(`.facts >> text=${FIRST.src}`);
      await page.waitForURL(/\/hosts\//);
      assert.match(
        (await page.textContent("main"))!,
        /Destinations it reached/,
      );
      await page.click("text=All its sessions");
      await page.waitForSelector(`text=${UIDS[0]}`);
      await page.goto(new URL("/hosts", page.url()).href);
      await page.fill("input[name=q]", "10.");
      await page.press("input[name=q]", "Enter");
      await page.waitForSelector(
        "th[aria-sort=descending] >> text=Connections",
      );
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "pages of data have no violations in either theme and fit any width",
  () =>
    withScene({ seed }, async ({ open, store, errors }) => {
      const [{ id }] = await store.datasets();
      await store.addSafelistEntry({
        kind: "name",
        value: "*.example.org",
        reason: "ours",
        author: "",
        expiresAt: null,
      });
      const paths = [
        "/datasets",
        `/datasets/${id}?olderThan=1s`,
        "/sessions",
        `/sessions?src=${FIRST.src}`,
        `/sessions/${UIDS[0]}`,
        "/hosts",
        `/hosts/${FIRST.src}`,
        `/settings?kind=address&value=${FIRST.dst}`,
      ];
      for (const path of paths) {
        for (const colorScheme of ["light", "dark"] as const) {
          const page = await open(path, { colorScheme });
          assert.deepEqual(await violations(page), [], path);
          await page.close();
        }
        for (const width of [360, 2560]) {
          const page = await open(path, { width });
          assert.ok(await scrollWidth(page) <= width, `${path} at ${width}`);
          await page.close();
        }
      }
      assert.deepEqual(errors, []);
    }),
);
