import assert from "node:assert/strict";
import { renderToString } from "preact-render-to-string";
import { RecordTable } from "../../routes/_parts/records.tsx";

const fields = { ts: 1, uid: "C1" };

const shown = (records: Parameters<typeof RecordTable>[0]["records"]) =>
  renderToString(<RecordTable logType="conn" records={records} />);

Deno.test("RecordTable says where each record stands, as far as it is known", () => {
  const file = `/logs/<b>/${"long/".repeat(30)}conn.log`;
  const html = shown([
    { logType: "conn", file: "/logs/conn.log", line: 12, fields },
    { logType: "conn", file, line: 7, fields },
    { logType: "conn", file: "/logs/old.log", fields },
    { logType: "conn", fields },
  ]);
  assert.match(html, /<th scope="col">file:line<\/th>/);
  assert.match(html, /<td>\/logs\/conn\.log:12<\/td>/);
  assert.match(html, /<td>…[^<]{72}conn\.log:7<\/td>/);
  assert.match(html, /<td>\/logs\/old\.log<\/td>/);
  assert.equal(html.match(/<tr>/g)?.length, 5);
});

Deno.test("RecordTable has no column of places where none is known", () => {
  assert.doesNotMatch(shown([{ logType: "conn", fields }]), /file:line/);
});
