import assert from "node:assert/strict";

/** With `-- --update` the pictures are written anew, to be looked at. */
const UPDATE = Deno.args.includes("--update");

/** The picture in the HTML is the one that was looked at. */
export async function assertPicture(html: string, name: string): Promise<void> {
  await assertSvg(/<svg[\s\S]*<\/svg>/.exec(html)![0], name);
}

/** The SVG is the one that was looked at, and its numbers are rounded. */
export async function assertSvg(svg: string, name: string): Promise<void> {
  const text = svg.replaceAll("><", ">\n<") + "\n";
  const file = new URL(`./pictures/${name}.svg`, import.meta.url);
  if (UPDATE) {
    await Deno.mkdir(new URL(".", file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  assert.equal(text, await Deno.readTextFile(file));
  assert.doesNotMatch(text, /\d\.\d{3,}%|[ML][\d.]+\.\d\d/, "rounded numbers");
}
