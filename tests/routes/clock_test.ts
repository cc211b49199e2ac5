import assert from "node:assert/strict";
import { inZone } from "../../islands/_format.ts";
import { clockText, typedTime } from "../../routes/_clock.ts";
import { HttpError } from "../../routes/_page.ts";
import { type Asking, ended, withApp } from "./_asked.ts";
import { findings, seed, T0 } from "./seed.ts";

Deno.test("typedTime reads a time by the clocks of its zone, across their change", () => {
  const at = (text: string, zone: string) =>
    new Date(typedTime(text, zone) * 1000).toISOString();
  assert.equal(
    at("2023-01-04T16:00", "Europe/Berlin"),
    "2023-01-04T15:00:00.000Z",
  );
  assert.equal(at("2023-07-04", "Europe/Berlin"), "2023-07-03T22:00:00.000Z");
  assert.equal(
    at("2023-03-26T03:30", "Europe/Berlin"),
    "2023-03-26T01:30:00.000Z",
  );
  assert.equal(at("2023-01-04T16:00", ""), "2023-01-04T16:00:00.000Z");
  for (
    const placed of [
      "2023-01-04T16:00Z",
      "2023-01-04T17:00+01:00",
      "1672848000",
    ]
  ) {
    assert.equal(
      at(placed, "Asia/Kolkata"),
      "2023-01-04T16:00:00.000Z",
      placed,
    );
  }
  assert.throws(() => typedTime("noon", "UTC"), HttpError);
  assert.throws(() => typedTime("2023-01-04", "Mars/Olympus"), HttpError);
});

Deno.test("clockText shows what typedTime reads, in the zone of the page", () => {
  for (const zone of ["UTC", "America/St_Johns", "Asia/Kolkata"]) {
    for (const ts of [T0, T0 + 0.25, 1_688_421_600]) {
      const shown = inZone(zone, () => clockText(ts));
      assert.equal(typedTime(shown, zone), ts, shown);
    }
  }
  assert.equal(clockText(203), "203");
  assert.equal(clockText(undefined), "");
});

const asked = (test: (asking: Asking) => Promise<void>) =>
  withApp({ timeZone: "Europe/Berlin" }, async (asking) => {
    await seed(asking.store);
    await test(asking);
  });

Deno.test("times of the sessions' form and of a hunt's are those of the zone that is shown", () =>
  asked(async (asking) => {
    const { get, submit, store } = asking;
    const [first] = findings();
    const query = new URLSearchParams({
      src: first.src,
      tz: "Europe/Berlin",
      from: "2023-01-04T16:00",
      to: "2023-01-04T16:10",
    });
    const page = await (await get(`/sessions?${query}`)).text();
    assert.match(
      page,
      /From \(Europe\/Berlin\)<input name="from" value="2023-01-04T16:00:00"/,
    );
    assert.match(page, /name="tz" value="Europe\/Berlin"/);
    const times = async (words: URLSearchParams): Promise<number[]> => {
      const rows = await (await get(`/api/sessions?${words}`)).json();
      return rows.sessions.map(({ fields }: { fields: { ts: number } }) =>
        fields.ts
      );
    };
    const found = await times(query);
    assert.equal(found.length, 3);
    assert.ok(found.every((ts) => ts >= T0 && ts < T0 + 600));
    query.delete("tz");
    assert.notDeepEqual(await times(query), found, "without a zone it is UTC");
    query.set("tz", "Mars/Olympus");
    assert.equal((await get(`/sessions?${query}`)).status, 400);

    const form = await (await get("/settings")).text();
    assert.match(form, /From \(Europe\/Berlin\)<\/label>/);
    const answer = await submit("/api/hunts", {
      dataset: "office-2018",
      tz: "Europe/Berlin",
      from: "2023-01-04T16:00",
      to: "2023-01-04T16:10",
    });
    const id = Number(answer.headers.get("location")!.match(/job=(\d+)/)![1]);
    assert.equal((await ended(asking, id)).state, "done");
    const [run] = await store.runs();
    assert.ok(
      run.report.window.from! >= T0 && run.report.window.to! < T0 + 600,
    );
  }));
