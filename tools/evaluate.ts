/**
 * Holds Skerry's ranking against every labelled capture beside the checkout,
 * against C2 spliced into benign days, against made-up offices, and its timing
 * against synthetic beacons. Writes what it measured to its section of tests/bench/DETECTION.md.
 *
 *     deno task evaluate                   all of them
 *     deno task evaluate captures|splice|offices|implants|synthetic
 *     deno task evaluate --print 008 50-   captures whose name contains a word
 */
import {
  type Capture,
  type CaptureEvaluation,
  capturesUnder,
  evaluateCapture,
} from "../tests/bench/detection.ts";
import {
  captureTables,
  spliceTable,
  studyTables,
} from "../tests/bench/detection_table.ts";
import { implantTable, officeTable } from "../tests/bench/office_table.ts";
import { alarmBudget, implantStudy } from "../tests/bench/offices.ts";
import { spliceStudy } from "../tests/bench/splice.ts";
import { syntheticStudy } from "../tests/bench/synthetic.ts";

const root = new URL("../", import.meta.url);
const data = new URL("../shared/data", root).pathname;
const target = new URL("tests/bench/DETECTION.md", root);

/** A benign office, and a server that the whole world knocks at. */
const CROWDS = ["40-m57-2009", "10-rita-missing-host"];

interface Section {
  readonly title: string;
  /** Null where the captures are not beside the checkout. */
  text(): Promise<string | null>;
}

const captures = await capturesUnder(data).catch((error) => {
  if (error instanceof Deno.errors.NotFound) return null;
  throw error;
});

const SECTIONS: Readonly<Record<string, Section>> = {
  captures: {
    title: "Captures",
    text: async () => captures && captureTables(await evaluated(captures)),
  },
  splice: {
    title: "C2 spliced into benign days",
    text: async () =>
      captures && spliceTable(await spliceStudy(captures, CROWDS)),
  },
  offices: {
    title: "Benign offices",
    text: async () => officeTable(await alarmBudget()),
  },
  implants: {
    title: "Implants in offices",
    text: async () =>
      implantTable(
        await implantStudy({ without: [[], ["fleet", "lone-port"]] }),
      ),
  },
  synthetic: {
    title: "Synthetic beacons",
    text: () => Promise.resolve(studyTables(syntheticStudy())),
  },
};

async function evaluated(
  list: readonly Capture[],
): Promise<CaptureEvaluation[]> {
  const out: CaptureEvaluation[] = [];
  for (const capture of list) out.push(await evaluateCapture(capture));
  return out;
}

async function write(name: string): Promise<void> {
  const { title, text } = SECTIONS[name];
  const measured = await text();
  if (measured === null) {
    console.log(`skipped: there are no captures in ${data}`);
    return;
  }
  console.log(`## ${title}\n\n${measured}\n`);
  const before = await Deno.readTextFile(target).catch(() => "");
  await Deno.writeTextFile(target, withSection(before, title, measured));
  // As `deno fmt` wants it, so that nobody has to touch it by hand.
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", target.pathname],
  }).output();
  if (!success) throw new Error(`Cannot format ${target.pathname}`);
}

/** The document with one section replaced; the others stay as they were. */
function withSection(document: string, title: string, text: string): string {
  const sections = new Map(
    document.split(/^## /m).slice(1).map((section) => {
      const [head, ...body] = section.split("\n");
      return [head, body.join("\n").trim()];
    }),
  );
  sections.set(title, text);
  const titles = Object.values(SECTIONS).map((section) => section.title);
  return [
    "# Detection, as measured",
    "`deno task evaluate` writes this file; every random number is seeded.",
    ...titles.filter((name) => sections.has(name))
      .flatMap((name) => [`## ${name}`, sections.get(name)!]),
  ].join("\n\n") + "\n";
}

const [first, ...words] = Deno.args;
if (first === "--print") {
  const wanted = (captures ?? []).filter(({ name }) =>
    words.some((word) => name.includes(word))
  );
  console.log(captureTables(await evaluated(wanted)));
} else if (first !== undefined && !(first in SECTIONS)) {
  console.log(
    `there is no section ${first}: ${Object.keys(SECTIONS).join(", ")}`,
  );
  Deno.exit(2);
} else {
  for (const name of first ? [first] : Object.keys(SECTIONS)) await write(name);
}
