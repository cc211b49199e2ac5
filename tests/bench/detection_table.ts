import type { Evaluation } from "../../pipeline/mod.ts";
import { BUDGET, severityOf } from "../../pipeline/finding.ts";
import type { CaptureEvaluation } from "./detection.ts";
import type { Splice } from "./splice.ts";
import type { CellRates, Study } from "./synthetic.ts";

const two = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : value.toFixed(2);
const three = (value: number | null | undefined) =>
  value === null || value === undefined ? "–" : value.toFixed(3);

export function markdownTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)]
    .join("\n");
}

/** Whether its only C2 is DNS: RITA's score and the parts of Skerry's speak of pairs alone. */
const onlyDns = ({ capture }: CaptureEvaluation) =>
  capture.truth.every(({ log, label }) =>
    !/^(c2|beacon|longconn)/.test(label) || log === "dns"
  );

/** The mean average precision of a method over the captures with C2 in conn, http or ssl. */
export function meanPrecision(
  evaluations: readonly CaptureEvaluation[],
  method: string,
): number | null {
  const values = evaluations.filter((e) => !onlyDns(e))
    .map(({ methods }) => methods[method]?.averagePrecision ?? null)
    .filter((value) => value !== null);
  return values.length === 0
    ? null
    : values.reduce((total, value) => total + value, 0) / values.length;
}

/** Average precision by capture and method, then each known pair's rank. */
export function captureTables(
  evaluations: readonly CaptureEvaluation[],
): string {
  const methods = [
    ...new Set(evaluations.flatMap((e) => Object.keys(e.methods))),
  ];
  const precision = markdownTable(
    ["capture", "findings", ...methods, "false alarms", "RITA's", "s"],
    [
      ...evaluations.map(({ capture, report, methods: by, seconds }) => [
        capture.name,
        String(report.findings.length),
        ...methods.map((name) => three(by[name]?.averagePrecision)),
        String(by.skerry.falseAlarms),
        String(by.rita.falseAlarms),
        seconds.toFixed(1),
      ]),
      [
        "mean over those with C2 in conn, http or ssl",
        "",
        ...methods.map((name) => three(meanPrecision(evaluations, name))),
        "",
        "",
        "",
      ],
    ],
  );
  return [
    "Average precision by capture; the parts are Skerry's own findings in the order of one part of the score. " +
    "RITA is our parity implementation at its best: on the networks that Skerry found, incoming " +
    "connections included, best score of each key over all windows of 24 h. A false alarm is a line at high or " +
    "critical that is no known C2. The DNS tunnels count in no mean, since RITA's score knows no names.",
    precision,
    "Rank of each known pair; rows that were only inferred from the traffic are reported, not judged.",
    pairTable(evaluations),
    budgetText(evaluations),
    "Without one reason (mean average precision, known C2 at high or critical, false alarms), most missed first:",
    ablationTable(evaluations),
  ].join("\n\n");
}

function pairTable(evaluations: readonly CaptureEvaluation[]): string {
  return markdownTable(
    [
      "capture",
      "label",
      "pair",
      "rank",
      "score",
      "severity",
      "RITA's rank",
      "judged",
    ],
    evaluations.flatMap(({ capture, methods: { skerry, rita } }) =>
      skerry.rows.map(({ truth, rank, score, judged, role }, i) => [
        capture.name,
        truth.label,
        `${truth.src} → ${
          truth.name === "-" ? truth.dst : truth.name
        }:${truth.port}`.replaceAll("*", "\\*"),
        String(rank ?? "–"),
        two(score),
        score === null ? "–" : severityOf(score),
        String(rita.rows[i].rank ?? "–"),
        judged ? role : `no (${role})`,
      ])
    ),
  );
}

/** Captures of nothing but benign hosts: what is shown as high there is false. */
function budgetText(evaluations: readonly CaptureEvaluation[]): string {
  const benign = evaluations.filter(({ capture, methods }) =>
    methods.skerry.averagePrecision === null &&
    !capture.truth.some(({ label, confidence }) =>
      label.startsWith("scan") && confidence === "documented"
    )
  );
  let hostDays = 0, critical = 0, high = 0;
  for (const { report } of benign) {
    const { from, to } = report.window;
    hostDays += report.hostCount * ((to ?? 0) - (from ?? 0)) / 86_400;
    critical += report.findings.filter((f) => f.severity === "critical").length;
    high += report.findings.filter((f) => f.severity === "high").length;
  }
  const rate = (n: number) => (1000 * n / hostDays).toFixed(1);
  const sure = critical + high === 0
    ? ` With none in so few host-days, the true rate is below ${
      rate(3)
    } with 95 % confidence (the rule of three).`
    : "";
  return `Alarm budget on the ${benign.length} benign captures (${
    hostDays.toFixed(1)
  } host-days): ${critical} critical, ${high} high, that is ${
    rate(critical)
  } and ${
    rate(high)
  } per 1,000 hosts per day; allowed are ${BUDGET.critical} and ${BUDGET.high}.${sure}`;
}

function ablationTable(evaluations: readonly CaptureEvaluation[]): string {
  const withC2 = evaluations.filter((e) =>
    !onlyDns(e) && e.methods.skerry.averagePrecision !== null
  );
  const names = [...new Set(withC2.flatMap((e) => Object.keys(e.ablated)))];
  const row = (pick: (e: CaptureEvaluation) => Evaluation) => {
    const list = withC2.map(pick);
    const mean = list.reduce((sum, e) => sum + (e.averagePrecision ?? 0), 0) /
      list.length;
    const shown = list.flatMap(({ rows }) =>
      rows.filter(({ role, judged }) => role === "positive" && judged)
    );
    return {
      mean,
      alarms: `${shown.filter(({ alarm }) => alarm).length} of ${shown.length}`,
      wrong: list.reduce((sum, e) => sum + e.falseAlarms, 0),
    };
  };
  const all = [
    { name: "(nothing)", ...row((e) => e.methods.skerry) },
    ...names.map((name) => ({ name, ...row((e) => e.ablated[name]) }))
      .sort((a, b) =>
        a.mean - b.mean || parseInt(a.alarms) - parseInt(b.alarms)
      ),
  ];
  return markdownTable(
    ["without", "mean AP", "C2 at high", "false alarms"],
    all.map(({ name, mean, alarms, wrong }) => [
      name,
      mean.toFixed(3),
      alarms,
      String(wrong),
    ]),
  );
}

/** Where each spliced C2 pair is ranked among a crowd. */
export function spliceTable(splices: readonly Splice[]): string {
  const first = (of: (splice: Splice) => number | null) =>
    splices.filter((splice) => (of(splice) ?? Infinity) <= 3).length;
  return [
    `${
      first(({ rank }) => rank)
    } of ${splices.length} spliced pairs are among the first three of all, ${
      first(({ laneRank }) => laneRank)
    } among the first three of their lane (egress, internal or ingress). The perimeter has two C2 pairs of its own, which rank above some.`,
    markdownTable(
      ["crowd", "from", "label", "pair", "rank", "in its lane", "score"],
      splices.map(({ crowd, capture, truth, rank, laneRank, score }) => [
        crowd,
        capture,
        truth.label,
        `${truth.src} → ${
          truth.name === "-" ? truth.dst : truth.name
        }:${truth.port}`,
        String(rank ?? "–"),
        String(laneRank ?? "–"),
        two(score),
      ]),
    ),
  ].join("\n\n");
}

const SHADES = ["·", "░", "▒", "▓", "█"];
const shade = (share: number) => SHADES[Math.min(4, Math.floor(share * 5))];
const percent = (share: number) => `${Math.round(100 * share)}`;
const hours = (seconds: number) => `${seconds / 3600} h`;

/** Detection rates as a table with a heat map in it: ours/RITA's, in percent. */
export function studyTables(study: Study): string {
  const jitters = [...new Set(study.cells.map(({ jitter }) => jitter))];
  const keys = new Map<string, CellRates[]>();
  for (const cell of study.cells) {
    const key = `${cell.loss} ${cell.duration} ${cell.period}`;
    keys.set(key, [...keys.get(key) ?? [], cell]);
  }
  const { thresholds, falsePositives: fp } = study;
  return [
    `${study.trials} trials a cell. Thresholds at 1 % of one pool of ${
      2 * study.negatives
    } negatives (half memoryless, half browsing): ${
      three(thresholds.skerry)
    }, RITA ${three(thresholds.rita)}. On fresh negatives they are reached by ${
      (100 * fp.poisson.skerry).toFixed(1)
    } % of the memoryless (RITA ${(100 * fp.poisson.rita).toFixed(1)} %) and ${
      (100 * fp.browsing.skerry).toFixed(1)
    } % of the browsing (RITA ${
      (100 * fp.browsing.rita).toFixed(1)
    } %); a timing score of 0.4, without which no pair is raised far, by ${
      (100 * study.raised).toFixed(2)
    } % of all. RITA looks at 24 h, so that it cannot see what lives for less.`,
    markdownTable(
      [
        "loss",
        "lives",
        "period",
        "n",
        ...jitters.map((j) => `jitter ${j}`),
        "ours",
        "RITA",
      ],
      Array.from(keys.values(), (cells) => [
        String(cells[0].loss),
        hours(cells[0].duration),
        `${cells[0].period} s`,
        cells[0].n.toFixed(0),
        ...cells.map(({ skerry, rita }) =>
          `${percent(skerry)}/${percent(rita)}`
        ),
        cells.map(({ skerry }) => shade(skerry)).join(""),
        cells.map(({ rita }) => shade(rita)).join(""),
      ]),
    ),
    goalText(study.cells),
  ].join("\n\n");
}

function goalText(cells: readonly CellRates[]): string {
  const asked = cells.filter(({ n, jitter }) => n >= 20 && jitter <= 0.5);
  const lines = [0, 0.2, 0.5].map((loss) => {
    const list = asked.filter((cell) => cell.loss === loss);
    const goal = loss < 0.5 ? 0.95 : 0.8;
    const below = list.filter(({ skerry }) => skerry < goal);
    const mean = list.reduce((sum, { skerry }) => sum + skerry, 0) /
      list.length;
    return `- loss ${loss}: mean ${percent(mean)} %, least ${
      percent(Math.min(...list.map(({ skerry }) => skerry)))
    } %, ${below.length} of ${list.length} cells below ${goal}${
      below.map(({ period, duration, jitter, n, skerry }) =>
        `; ${period} s, ${hours(duration)}, jitter ${jitter}, n ${
          n.toFixed(0)
        }: ${percent(skerry)} %`
      ).join("")
    }`;
  });
  return `Cells with 20 check-ins or more and jitter up to 50 %:\n\n${
    lines.join("\n")
  }`;
}
