// Adds half an import to the store named by its argument, says so, and waits
// to be killed.
import { schemas } from "../../pipeline/ingest/log_type.ts";
import { openStore } from "../../pipeline/store/mod.ts";
import { batchOf, connRow, fileOf } from "./_records.ts";

const store = await openStore(Deno.args[0]);
const writer = await store.beginImport(await store.openDataset("d"));
const rows = Array.from({ length: 10_000 }, (_, i) => connRow({ ts: i }));
await writer.add(batchOf(schemas.get("conn")!, rows));
await writer.addFile(fileOf("aa"));
console.log("half");
setInterval(() => {}, 1000);
