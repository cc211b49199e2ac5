import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { island } from "../../islands/_json_props.ts";
import { registerIslands, Used } from "../../routes/_islands.ts";
import { HOSTILE } from "./seed.ts";

function Inner(p: { n: number; text?: string }) {
  return <b>{p.n}</b>;
}
function Outer() {
  return (
    <p>
      <Inner n={2} />
    </p>
  );
}
function Parent(p: { children?: string }) {
  return <i>{p.children}</i>;
}
registerIslands({ Inner, Outer, Parent });

Deno.test("an island inside an island is part of the outer one", () => {
  const used = new Set<string>();
  const html = renderToString(
    <Used.Provider value={used}>
      <Outer />
      <Inner n={1} />
    </Used.Provider>,
  );
  assert.equal(
    html,
    '<skerry-island name="Outer" props="{}"><p><b>2</b></p></skerry-island>' +
      '<skerry-island name="Inner" props="{&quot;n&quot;:1}"><b>1</b>' +
      "</skerry-island>",
  );
  assert.deepEqual([...used], ["Outer", "Inner"]);
});

Deno.test("an island's props are escaped and come back whole", () => {
  const html = renderToString(<Inner n={1} text={HOSTILE} />);
  assert.doesNotMatch(html, /<script>/);
  const [, props] = /props="([^"]*)"/.exec(html)!;
  const text = props.replaceAll("&quot;", '"').replaceAll("&lt;", "<")
    .replaceAll("&amp;", "&");
  assert.equal(JSON.parse(text).text, HOSTILE);
});

Deno.test("an island refuses children", () => {
  assert.throws(
    () => renderToString(<Parent>text</Parent>),
    /Cannot render island Parent: children cannot cross/,
  );
});

Deno.test("island() compiles only for props that are JSON", () => {
  interface Fine {
    readonly list: readonly number[];
    readonly meta: { readonly a?: string } | null;
  }
  island((_: Fine) => null);
  // @ts-expect-error a typed array becomes an object in JSON
  island((_: { data: Float64Array }) => null);
  // @ts-expect-error a function is lost in JSON
  island((_: { act: () => void }) => null);
});
