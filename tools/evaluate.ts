/**
 * Holds Skerry's ranking against every labelled capture beside the checkout
 * and writes the table to tests/bench/DETECTION.md.
 *
 *     deno task evaluate            all captures
 *     deno task evaluate 008 50-    those whose name contains a word; prints only
 */
import {
  type Capture,
  capturesUnder,
  evaluateCapture,
} from "../tests/bench/detection.ts";
import { captureTable } from "../tests/bench/detection_table.ts";

const root = new URL("../", import.meta.url);
const data = new URL("../shared/data", root).pathname;

const words = Deno.args.filter((word) => !word.startsWith("-"));
const wanted = ({ name }: Capture) =>
  words.length === 0 || words.some((word) => name.includes(word));

const captures = await capturesUnder(data).catch(() => null);
if (captures === null) {
  console.log(`skipped: there are no captures in ${data}`);
  Deno.exit(0);
}
const evaluations = [];
for (const capture of captures.filter(wanted)) {
  evaluations.push(await evaluateCapture(capture));
}
const table = captureTable(evaluations);
console.log(table);
if (words.length === 0) {
  await Deno.writeTextFile(
    new URL("tests/bench/DETECTION.md", root),
    `# Detection, as measured\n\n\`deno task evaluate\` writes this file.\n\n${table}`,
  );
}
