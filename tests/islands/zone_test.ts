import assert from "node:assert/strict";
import {
  epochOf,
  inZone,
  offsetAt,
  span,
  time,
  zoneName,
} from "../../islands/_format.ts";
import { preferencesOf } from "../../islands/_preferences.ts";
import { clocksIn, withClocks } from "../../islands/_seen_between.tsx";
import { parseQuery } from "../../pipeline/finding_query.ts";
import { timeTicks } from "../../routes/_parts/axis.tsx";

const utcOf = (text: string) => Date.parse(text) / 1000;

Deno.test("time and span are by the clocks of the zone that is drawn in, and of no other", () => {
  const ts = utcOf("2024-03-30T23:30:00.567Z");
  assert.equal(time(ts), "2024-03-30 23:30:00");
  inZone("Asia/Kolkata", () => {
    assert.equal(zoneName(), "Asia/Kolkata");
    assert.equal(time(ts, "µs"), "2024-03-31 05:00:00.567000");
    assert.equal(span(ts, ts + 3600), "2024-03-31 05:00 to 06:00");
    assert.equal(time(203), "t = 203\u00a0s");
    assert.equal(time(null), "–");
    inZone("America/New_York", () => {
      assert.equal(time(ts, "min"), "2024-03-30 19:30");
    });
    assert.equal(time(ts, "min"), "2024-03-31 05:00");
  });
  assert.equal(zoneName(), "UTC");
  assert.throws(() => inZone("Mars/Base", () => 0), RangeError);
  assert.throws(() => inZone("Asia/Tokyo", () => assert.fail("stop")), /stop/);
  assert.equal(zoneName(), "UTC");
});

Deno.test("offsetAt follows the change of clocks, and epochOf undoes it", () => {
  inZone("Europe/Berlin", () => {
    assert.equal(offsetAt(utcOf("2024-03-31T00:59:59Z")), 3600);
    assert.equal(offsetAt(utcOf("2024-03-31T01:00:00Z")), 7200);
    for (
      const clock of [
        "2024-03-31T01:59",
        "2024-03-31T03:00",
        "2024-10-26T12:00",
      ]
    ) {
      const ts = epochOf(clock);
      assert.equal(time(ts, "min"), clock.replace("T", " "));
    }
    assert.equal(epochOf("2024-07-01T02:00"), utcOf("2024-07-01T00:00Z"));
    assert.ok(Number.isNaN(epochOf("noon")));
  });
});

Deno.test("timeTicks stand at round hours and midnights of the zone, over a change of clocks too", () => {
  inZone("Europe/Berlin", () => {
    const from = utcOf("2024-03-30T12:00Z"), to = utcOf("2024-04-01T12:00Z");
    const ticks = timeTicks(from, to);
    assert.deepEqual(
      ticks.filter(({ strong }) => strong).map((
        { at, label },
      ) => [label, time(at)]),
      [
        ["03-31", "2024-03-31 00:00:00"],
        ["04-01", "2024-04-01 00:00:00"],
      ],
    );
    for (const { at } of ticks) assert.match(time(at), /:00:00$/);
    assert.deepEqual(
      ticks.map(({ at }) => at),
      ticks.map(({ at }) => at).sort(),
    );
  });
});

Deno.test("the fields of seen: are by the zone's clocks, the query in UTC", () => {
  inZone("Europe/Berlin", () => {
    const clocks = { from: "2024-07-01T02:00", to: "" };
    const query = withClocks("src:10.0.0.5 seen:2024-01-01 port:443", clocks);
    assert.equal(query, "src:10.0.0.5  port:443 seen:2024-07-01T00:00..");
    assert.deepEqual(parseQuery(query).errors, []);
    assert.deepEqual(clocksIn(query), clocks);
    assert.equal(withClocks("seen:.. x", { from: "", to: "" }), "x");
    assert.deepEqual(clocksIn("seen:2024-01-01"), { from: "", to: "" });
    assert.deepEqual(clocksIn("x"), { from: "", to: "" });
  });
});

Deno.test("preferencesOf reads cookies, and nothing that is no zone", () => {
  const of = (cookie: string) => preferencesOf(cookie);
  assert.deepEqual(of(""), { keys: true, zone: null, author: "" });
  assert.deepEqual(
    of(
      "x=1; skerry-keys=off; skerry-zone=Europe%2FBerlin; skerry-author=Zo%C3%AB",
    ),
    { keys: false, zone: "Europe/Berlin", author: "Zoë" },
  );
  for (const zone of ["Mars/Base", "%", "a b", "<script>", "../x"]) {
    assert.equal(of(`skerry-zone=${zone}`).zone, null, zone);
  }
  assert.equal(of(`skerry-author=${"x".repeat(500)}`).author.length, 80);
});
