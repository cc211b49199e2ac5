import assert from "node:assert/strict";
import { connLog } from "../ingest/_logs.ts";
import { type Asking, ended, withApp } from "./_asked.ts";

/** Two folders, of which only `logs` may be imported. */
async function withFolders(
  test: (asking: Asking, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  try {
    for (const name of ["logs", "logs/day", "logs-other", "secret"]) {
      await Deno.mkdir(`${folder}/${name}`);
    }
    await Deno.writeTextFile(
      `${folder}/logs/conn.log`,
      connLog(30) + "too\tfew\n",
    );
    await Deno.writeTextFile(`${folder}/secret/conn.log`, connLog(7));
    await Deno.writeTextFile(`${folder}/logs-other/conn.log`, connLog(7));
    await withApp(
      { importRoots: [`${folder}/logs`] },
      (asking) => test(asking, folder),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function started(response: Response) {
  assert.equal(response.status, 202, await response.clone().text());
  return (await response.json()).job.id as number;
}

async function records({ store }: Asking, name: string): Promise<number> {
  const found = (await store.datasets()).find((d) => d.name === name);
  return Object.values(found?.records ?? {}).reduce((sum, n) => sum + n, 0);
}

Deno.test("POST /api/imports reads a folder and hunts in it", () =>
  withFolders(async (asking, folder) => {
    const id = await started(
      await asking.post("/api/imports", {
        folder: `${folder}/logs`,
        dataset: "office",
      }),
    );
    const job = await ended(asking, id);
    assert.equal(job.state, "done");
    assert.match(job.outcome, /^30 records read, 1 line skipped, \d+ finding/);
    assert.equal(await records(asking, "office"), 30);
    assert.ok(await asking.store.lastRun());
    const events = await (await asking.get(`/api/imports/${id}/events`)).text();
    const view = JSON.parse(events.match(/data: (.*)/)![1]);
    assert.deepEqual(
      [view.counts.read, view.records, view.skipped, view.files[0].path],
      [1, 30, 1, `${folder}/logs/conn.log`],
    );
    assert.equal(view.bytes.done, view.bytes.total);
    const dataset = (await asking.store.findDataset("office"))!;
    const page = await asking.get(`/datasets/${dataset.id}`);
    assert.match(await page.text(), /data-k="read at">[^<]+B\/s</);
  }));

Deno.test("POST /api/imports refuses what lies outside its folders, also through a link", () =>
  withFolders(async (asking, folder) => {
    await Deno.symlink(`${folder}/secret`, `${folder}/logs/way-out`);
    for (
      const path of [
        `${folder}/secret`,
        `${folder}/logs-other`,
        `${folder}/logs/../secret`,
        `${folder}/logs/way-out`,
        `${folder}/not-there`,
        "/etc",
      ]
    ) {
      const response = await asking.post("/api/imports", { folder: path });
      assert.equal(response.status, 403, path);
      const { error, hint } = await response.json();
      assert.match(error, /lies in no folder that this server may import/);
      assert.ok(hint.includes(`${folder}/logs`));
    }
    const missing = await asking.post("/api/imports", {
      folder: `${folder}/logs/not-there`,
    });
    assert.equal(missing.status, 404);
    // The folder itself may be read; where its link leads is left out.
    const id = await started(
      await asking.post("/api/imports", {
        folder: `${folder}/logs`,
        dataset: "office",
      }),
    );
    await ended(asking, id);
    assert.equal(await records(asking, "office"), 30);
    const run = await asking.store.lastRun();
    assert.match(
      run!.report.notLookedAt.join("\n"),
      /way-out.* leads out of the folders/,
    );
  }));

Deno.test("POST /api/imports clears old data only when that is meant", () =>
  withFolders(async (asking, folder) => {
    const fill = { folder: `${folder}/logs`, dataset: "office" };
    await ended(asking, await started(await asking.post("/api/imports", fill)));
    await Deno.writeTextFile(`${folder}/logs/day/conn.log`, connLog(9));
    const refused = await asking.post("/api/imports", {
      ...fill,
      folder: `${folder}/logs/day`,
      fresh: true,
    });
    assert.equal(refused.status, 409);
    assert.match((await refused.json()).error, /30 records and 1 run/);
    assert.equal(await records(asking, "office"), 30);
    const sure = await asking.post("/api/imports", {
      ...fill,
      folder: `${folder}/logs/day`,
      fresh: true,
      sure: true,
    });
    await ended(asking, await started(sure));
    assert.equal(await records(asking, "office"), 9);
  }));

Deno.test("POST /api/imports reads the log types that were chosen", () =>
  withFolders(async (asking, folder) => {
    const none = await asking.post("/api/imports", {
      folder: `${folder}/logs`,
      types: ["http", "dns"],
    });
    const job = await ended(asking, await started(none));
    assert.equal(job.state, "failed");
    assert.match(job.outcome, /no log of the types that were chosen/);
  }));

Deno.test("POST /api/imports takes a plain form and answers with the page", () =>
  withFolders(async (asking, folder) => {
    const response = await asking.submit("/api/imports", {
      folder: `${folder}/logs`,
      dataset: "form",
      types: "conn",
      fresh: "",
    });
    assert.equal(response.status, 303);
    const page = response.headers.get("location")!;
    assert.match(page, /^\/datasets\?import=\d+$/);
    await ended(asking, Number(page.match(/\d+$/)![0]));
    const html = await (await asking.get(page)).text();
    assert.match(html, /Imported form/);
    const wrong = await asking.submit("/api/imports", { folder: "/etc" });
    assert.equal(wrong.status, 403);
    assert.match(wrong.headers.get("content-type")!, /text\/html/);
  }));

Deno.test("dropped files are imported and then removed", () =>
  withFolders(async (asking) => {
    const { id } = await (await asking.post("/api/uploads", {})).json();
    const name = encodeURIComponent("../../conn.log");
    const sent = await asking.post(`/api/uploads/${id}?name=${name}`, 0);
    assert.equal(sent.status, 204);
    const bad = await asking.post(`/api/uploads/${id}?name=..`, 0);
    assert.equal(bad.status, 400);
    const job = await ended(
      asking,
      await started(await asking.post("/api/imports", { upload: id })),
    );
    // "0" is no Zeek log, and the message names where it lay.
    assert.equal(job.state, "failed");
    const folder = job.outcome.match(/Cannot read (\S+?):/)![1];
    assert.match(folder, /skerry-dropped-/);
    await assert.rejects(Deno.stat(folder), Deno.errors.NotFound);
    const again = await asking.post("/api/imports", { upload: id });
    assert.equal(again.status, 404);
  }));

Deno.test("GET /api/folders lists folders that may be imported, and no others", () =>
  withFolders(async ({ get }, folder) => {
    const list = async (path: string) =>
      await (await get(`/api/folders?path=${encodeURIComponent(path)}`)).json();
    assert.deepEqual((await list("")).folders, [
      { path: `${folder}/logs`, name: `${folder}/logs` },
    ]);
    assert.deepEqual(await list(`${folder}/logs`), {
      path: `${folder}/logs`,
      above: null,
      folders: [{ path: `${folder}/logs/day`, name: "day" }],
    });
    assert.equal((await list(`${folder}/logs/day`)).above, `${folder}/logs`);
    const outside = await get(`/api/folders?path=${folder}`);
    assert.equal(outside.status, 403);
  }));

Deno.test("a server without import roots imports no folder", () =>
  withApp({}, async (asking) => {
    const response = await asking.post("/api/imports", { folder: "/" });
    assert.equal(response.status, 403);
    assert.match((await response.json()).hint, /--allow-import DIR/);
  }));
