import assert from "node:assert/strict";
import {
  addressText,
  axisScale,
  extentOf,
  tickLabel,
  ticksOf,
} from "../../islands/_axis_scale.ts";
import { moved } from "../../islands/_brush.ts";
import { csvOf } from "../../islands/_csv.ts";
import { voronoiCells } from "../../islands/_regions.ts";
import {
  bytes,
  duration,
  fixed,
  number,
  percent,
  plural,
  short,
  span,
  utc,
} from "../../islands/_format.ts";
import { colourClass, colourOf, parseRgb } from "../../islands/_palette.ts";
import { saidOf } from "../../islands/_finding_said.ts";
import { cut, visible } from "../../islands/_visible.ts";
import { visible as visibleInTerminal } from "../../pipeline/report/visible.ts";

Deno.test("visible shows what hides, reorders or breaks text", () => {
  assert.equal(
    visible("a\u202eb\u2066c\u200bd"),
    "a<U+202E>b<U+2066>c<U+200B>d",
  );
  assert.equal(visible("\n\x1b[31m\x9b"), "<0x0A><0x1B>[31m<0x9B>");
  assert.equal(
    visible("\u2028\ufeff\u00ad\u3164"),
    "<U+2028><U+FEFF><0xAD><U+3164>",
  );
  assert.equal(visible("\ud800x"), "<U+D800>x");
  assert.equal(visible("\u{e0041}"), "<U+E0041>");
});

Deno.test("visible says the same on a page and in the terminal", () => {
  for (let code = 0; code <= 0xffff; code++) {
    const c = String.fromCharCode(code);
    assert.equal(visible(c), visibleInTerminal(c));
  }
});

Deno.test("visible leaves other scripts, symbols and spaces alone", () => {
  const text = "пример.рф 例え مثال 🦑 1\u202f000\u00a0B <b>";
  assert.equal(visible(text), text);
});

Deno.test("cut keeps whole characters and says how long the text is", () => {
  assert.equal(cut("abc", 3), "abc");
  assert.equal(cut("🦑🦑🦑", 2), "🦑🦑… (6 characters)");
});

Deno.test("number groups by three and drops trailing zeros", () => {
  assert.equal(number(45631), "45\u202f631");
  assert.equal(number(-1234567.5, 2), "−1\u202f234\u202f567.5");
  assert.equal(number(-0.0001, 2), "0");
  assert.equal(number(NaN), "–");
  assert.equal(fixed(5.05, 3), "5.050");
  assert.equal(fixed(-1234.5, 1), "−1\u202f234.5");
  assert.equal(fixed(0.9999, 2), "1.00");
  assert.equal(short(0.021345), "0.0213");
  assert.equal(short(45631), "45\u202f631");
});

Deno.test("durations, bytes and shares choose their unit", () => {
  assert.equal(duration(0.013), "13\u00a0ms");
  assert.equal(duration(249.05), "249\u00a0s");
  assert.equal(duration(7200), "2\u00a0h");
  assert.equal(duration(72 * 3600), "3\u00a0days");
  assert.equal(duration(0), "0\u00a0s");
  assert.equal(bytes(1049), "1\u202f049\u00a0B");
  assert.equal(bytes(157_484_692), "157\u00a0MB");
  assert.equal(percent(1), "100\u00a0%");
  assert.equal(percent(0.99999), "99.9\u00a0%");
  assert.equal(percent(0.00001), "0.1\u00a0%");
  assert.equal(percent(0), "0\u00a0%");
  assert.equal(plural(1, "gap"), "1\u00a0gap");
});

Deno.test("utc keeps microseconds, and says t where a log has no date", () => {
  assert.equal(utc(1672845160.567001, "µs"), "2023-01-04 15:12:40.567001");
  assert.equal(utc(1672845160.9), "2023-01-04 15:12:40");
  assert.equal(utc(203), "t = 203\u00a0s");
  assert.equal(utc(null), "–");
  assert.equal(utc(1e300), "–");
  assert.equal(
    span(1672845160, 1672846160),
    "2023-01-04 15:12 to 15:29",
  );
});

Deno.test("axisScale keeps every value inside, on a log axis too", () => {
  const values = Float64Array.of(0, 3, 80, 1e6);
  for (const log of [false, true]) {
    const scale = axisScale(extentOf(values, true), log);
    for (const v of values) assert.ok(scale(v) > 0 && scale(v) < 1);
  }
  assert.ok(Number.isFinite(axisScale([5, 5], true)(5)));
  assert.deepEqual(
    ticksOf(axisScale(extentOf(values, true), true), true, 9).slice(0, 3),
    [
      0,
      1,
      10,
    ],
  );
});

Deno.test("tickLabel shortens large values and tells time", () => {
  assert.equal(tickLabel(250_000, "orig_bytes"), "250k");
  assert.equal(tickLabel(-2, "PC 1"), "−2");
  assert.equal(tickLabel(1672845160, "ts"), "15:12");
});

Deno.test("clusters from the ninth on share the neutral colour", () => {
  assert.equal(colourClass(7), "k7");
  assert.equal(colourClass(8), "kn");
  assert.equal(colourOf(19), colourOf(8));
  assert.deepEqual(parseRgb("rgb(1, 2, 3)"), [1, 2, 3]);
});

Deno.test("extentOf leaves a few far values out unless all are asked for", () => {
  const values = Float64Array.from({ length: 10_000 }, (_, i) => i % 100);
  values[17] = 1e6;
  assert.deepEqual(extentOf(values, false), [0, 99]);
  assert.deepEqual(extentOf(values, true), [0, 1e6]);
  const even = Float64Array.from({ length: 1000 }, (_, i) => i);
  assert.deepEqual(extentOf(even, false), [0, 999]);
  assert.deepEqual(extentOf(Float64Array.of(7, 7), false), [7, 7]);
});

Deno.test("addressText writes 32 bits as an address, and an axis has no other", () => {
  assert.equal(addressText(167772161), "10.0.0.1");
  assert.equal(addressText(2 ** 32), "255.255.255.255");
  assert.equal(tickLabel(3221225985, "dst"), "192.0.2.1");
  assert.equal(tickLabel(-5e8, "src"), "");
});

Deno.test("csvOf quotes what needs it and disarms formulas", () => {
  assert.equal(
    csvOf(["a", "b"], [["1,5", 'x"y'], ["=1+1", "-3"]]),
    'a,b\r\n"1,5","x""y"\r\n\'=1+1,-3\r\n',
  );
});

Deno.test("voronoiCells give each place to its nearest center", () => {
  const centers = [{ x: 0, y: 0 }, { x: NaN, y: 1 }, { x: 4, y: 0 }];
  const cells = voronoiCells(centers, [-2, 6], [-1, 1]);
  assert.deepEqual(cells[1], []);
  const xs = (k: number) => cells[k].map(([x]) => x);
  assert.deepEqual([Math.min(...xs(0)), Math.max(...xs(0))], [-2, 2]);
  assert.deepEqual([Math.min(...xs(2)), Math.max(...xs(2))], [2, 6]);
});

Deno.test("a box moved or sized by keys stays inside the plot", () => {
  const box = { x0: 10, y0: 10, x1: 50, y1: 40 };
  assert.deepEqual(moved(box, [-12, 0], false, 100, 100), {
    x0: 0,
    y0: 10,
    x1: 40,
    y1: 40,
  });
  assert.deepEqual(moved(box, [0, 500], false, 100, 100).y1, 100);
  const sized = moved(box, [500, -500], true, 100, 100);
  assert.deepEqual([sized.x0, sized.x1, sized.y1 > sized.y0], [10, 100, true]);
});

Deno.test("a row of the list says what happens without the ends that stand above it", () => {
  const of = (summary: string, more = {}) =>
    saidOf({
      src: "10.0.0.5",
      dst: "203.0.113.7",
      port: 8443,
      name: null,
      ...more,
      summary: `10.0.0.5 ${summary}`,
    });
  assert.equal(
    of("contacts cdn.example every 5 min ± 10 s, 20 times over 2 h", {
      name: "cdn.example",
    }),
    "every 5 min ± 10 s, 20 times over 2 h",
  );
  assert.equal(
    of("contacts 203.0.113.7 port 8443 20 times over 2 h"),
    "20 times over 2 h",
  );
  assert.equal(
    of("stays connected to 203.0.113.7 port 8443 for 9 h"),
    "stays connected for 9 h",
  );
  const group = "contacts 3 destinations as curl every 60 s ± 1 s";
  assert.equal(of(group), group);
});
