// Imports a folder into the dataset "d" of a store: _importer.ts LOCATION FOLDER.
// In small parts, so that there is much between which it can be killed.
import { importLogs } from "../../pipeline/import_logs.ts";
import { openStore } from "../../pipeline/store/mod.ts";

const [location, folder] = Deno.args;
await using store = await openStore(location, { partRows: 300 });
await importLogs(store, await store.openDataset("d"), folder);
