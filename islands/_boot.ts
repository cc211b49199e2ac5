// The browser's half of islands: finds what the server has wrapped and makes
// each come alive with its own chunk.
import { h, hydrate } from "preact";
import { islands } from "./_manifest.gen.ts";

async function start(element: Element): Promise<void> {
  const name = element.getAttribute("name") ?? "";
  const load = islands[name];
  if (!load) throw new Error(`Cannot start an island: none is called ${name}`);
  const module = await load();
  const props = JSON.parse(element.getAttribute("props") ?? "{}");
  hydrate(h(module.default, props), element);
  element.setAttribute("ready", "");
}

for (const element of document.querySelectorAll("skerry-island")) {
  start(element);
}
