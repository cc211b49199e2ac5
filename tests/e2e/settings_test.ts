import assert from "node:assert/strict";
import { Mariadb, withoutMariadb } from "../_mariadb.ts";
import { importLogs } from "../../pipeline/import_logs.ts";
import { hunt } from "../../pipeline/hunt.ts";
import type { SessionStore } from "../../pipeline/store/session_store.ts";
import { seed } from "../routes/seed.ts";
import { browserTest, type Scene, violations, withScene } from "./_browser.ts";

const demo = new URL("../../fixtures/demo/", import.meta.url).pathname;

async function seedDemo(store: SessionStore): Promise<void> {
  const dataset = await store.openDataset("demo");
  await importLogs(store, dataset, demo);
  await hunt(store, dataset);
}

browserTest(
  "Settings shows by keyboard what other bands change, then hunts with them; a class is read there",
  () =>
    withScene({ seed: seedDemo }, async ({ open, store, errors }) => {
      const page = await open("/settings");
      const band = page.getByRole("spinbutton", { name: "severity: critical" });
      await band.focus();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.type("0.9");
      await page.getByRole("button", { name: "Show what changes" }).focus();
      await page.keyboard.press("Enter");
      await page.waitForSelector("p[data-state=done]", { timeout: 60_000 });
      assert.match(
        (await page.textContent("p[data-state=done]"))!,
        /18\sfindings instead of 18: 0 more, 0 fewer, 1 of another severity/,
      );
      assert.equal(await band.inputValue(), "0.9");
      assert.equal((await store.runs()).length, 1);
      await page.getByRole("button", { name: "Hunt again with these" }).last()
        .click();
      await page.waitForURL(/datasets\?job=/);
      await page.waitForSelector("p[data-state=done]", { timeout: 60_000 });
      await page.goto(new URL("/?q=severity:high", page.url()).href);
      await page.locator(".frow .sev.high").nth(1).waitFor();
      for (const colorScheme of ["light", "dark"] as const) {
        const settings = await open("/settings", { colorScheme });
        await settings.getByText("What the signals are").press("Enter");
        await settings.getByText("clock-sized", { exact: true }).waitFor();
        await settings.locator("summary", { hasText: "19 names" }).first()
          .press("Enter");
        await settings.getByText("windowsupdate.com").first().waitFor();
        assert.deepEqual(await violations(settings), []);
        await settings.close();
      }
      await page.close();
      assert.deepEqual(errors, []);
    }),
);

browserTest(
  "Settings turns single keys off",
  () =>
    withScene({ seed }, async ({ open }) => {
      const page = await open("/settings");
      await page.waitForSelector("skerry-island[name=Preferences][ready]");
      const theme = () =>
        page.evaluate(() => document.documentElement.dataset.theme);
      await page.uncheck("#keys");
      await page.locator("h1").click();
      await page.keyboard.press("t");
      assert.equal(await theme(), undefined);
      await page.reload();
      assert.ok(!await page.isChecked("#keys"));
      await page.check("#keys");
      await page.locator("h1").click();
      await page.keyboard.press("t");
      assert.equal(await theme(), "dark");
    }),
);

if (withoutMariadb === null) {
  browserTest(
    "Settings tests a server, makes its tables, goes on with it, and copies to it",
    async () => {
      await using server = await Mariadb.start();
      await server.sql(
        "CREATE USER ann@'127.0.0.1' IDENTIFIED BY 'pa55'; GRANT ALL ON `skerry%`.* TO ann@'127.0.0.1'",
      );
      const folder = await Deno.makeTempDir();
      try {
        await withScene(
          { seed, location: `${folder}/skerry.db` },
          (scene) => changeStore(scene, server),
        );
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  );
} else console.log(`tests of another store are skipped: ${withoutMariadb}`);

async function changeStore(
  { open, store }: Scene,
  server: Mariadb,
): Promise<void> {
  const page = await open("/settings");
  await page.waitForSelector("skerry-island[name=StoreForm][ready]");
  const address = `mysql://127.0.0.1:${server.port}`;
  await page.fill("#store-address", `${address}/skerry`);
  await page.fill("#store-user", "ann");
  await page.fill("#store-password", "wrong");
  await page.click("#test");
  const alert = await page.waitForSelector("[role=alert]");
  assert.match((await alert.textContent())!, /Access denied|password/i);
  await page.fill("#store-password", "pa55");
  await page.click("#test");
  await page.waitForSelector("text=there is no store in it yet");
  await page.click("text=Create the tables and use it");
  await page.waitForSelector("span.mono:has-text('mysql://ann')");
  assert.ok(!(await page.content()).includes("pa55"));
  await page.click("nav >> text=Datasets");
  await page.waitForSelector("text=No logs have been read yet");
  // Back to the store of the start, which is then copied.
  await page.evaluate(async () => {
    const headers = { "content-type": "application/json" };
    await fetch("/api/store/use", { method: "POST", body: "{}", headers });
  });
  await page.goto(new URL("/settings", page.url()).href);
  await page.fill("#copy-address", `${address}/skerry_copy`);
  await page.fill("#copy-user", "ann");
  await page.fill("#copy-password", "pa55");
  await page.click("button:text-is('Copy')");
  await page.waitForSelector("p[data-state=done]", { timeout: 30_000 });
  const names = await server.sql("SELECT name FROM datasets", "skerry_copy");
  assert.equal(names.trim(), "office-2018");
  // One dataset beside it, under another name.
  await page.goto(new URL("/datasets/1", page.url()).href);
  await page.getByText("Copy to another store…").press("Enter");
  await page.fill("#copy-address", `${address}/skerry_copy`);
  await page.fill("#copy-user", "ann");
  await page.fill("#copy-password", "pa55");
  await page.fill("#copy-as", "case 7");
  assert.deepEqual(await violations(page), []);
  await page.click("text=Copy to the server");
  await page.waitForSelector("p[data-state=done]", { timeout: 60_000 });
  const both = await server.sql(
    "SELECT name FROM datasets ORDER BY id",
    "skerry_copy",
  );
  assert.equal(both.trim(), "office-2018\ncase 7");
  // On that server, and from there back into the file of the start.
  await page.evaluate(async (address) => {
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ address, user: "ann", password: "pa55" });
    await fetch("/api/store/use", { method: "POST", body, headers });
  }, `${address}/skerry_copy`);
  await page.goto(new URL("/datasets/2", page.url()).href);
  await page.getByText("Copy to another store…").press("Enter");
  await page.fill("#home-source", "pa55");
  await page.click("text=Copy to the file");
  await page.waitForSelector("p[data-state=done]", { timeout: 60_000 });
  const here = (await store.datasets()).map(({ name }) => name);
  assert.deepEqual(here, ["office-2018", "case 7"]);
}
