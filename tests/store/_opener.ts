// Opens the store named by its argument and says something about it.
import { openStore } from "../../pipeline/store/mod.ts";

await using store = await openStore(Deno.args[0]);
await store.setVerdict(`f${Deno.pid}`, "unsure");
