import { markdownTable as table } from "./detection_table.ts";
import type { Implanted, OfficeAlarms } from "./offices.ts";

const BUDGET = { critical: 1, high: 5 } as const;

/** Alarms of benign offices, as Markdown. */
export function officeTable(offices: readonly OfficeAlarms[]): string {
  const total = (of: (office: OfficeAlarms) => number) =>
    offices.reduce((sum, office) => sum + of(office), 0);
  const hostDays = total((o) => o.hostDays);
  const rate = (n: number) => (1000 * n / hostDays).toFixed(1);
  const critical = total((o) => o.critical), high = total((o) => o.high);
  const kinds = new Map<string, number>();
  for (const { alarms } of offices) {
    for (const { detector, name, port, proto } of alarms) {
      const kind = `${detector}, ${name?.split(".")[0] ?? `${proto}/${port}`}`;
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
  }
  return [
    `Seeded offices in which nothing is malicious, made by a generator that knows
no capture: desks with browsers, agents of a fleet, mail, push channels and, one
in twelve each, ten programs that hardly anybody has (weather, feeds, own mail,
file sync, music, chat, games, git, shells, tickers); printers, a camera, a
telephone, phones behind one address, a monitor; names are made up, so that no
list knows them.`,
    table(
      [
        "desks",
        "days",
        "logs beside conn",
        "host-days",
        "connections",
        "critical",
        "high",
      ],
      offices.map(({ options, hostDays, connections, critical, high }) =>
        [
          options.desks,
          options.days,
          options.logs?.join(" ") ?? "ssl http dns",
          hostDays,
          connections,
          critical,
          high,
        ].map((cell) => String(cell) || "none")
      ),
    ),
    `${critical} critical and ${high} high in ${hostDays} host-days: ${
      rate(critical)
    } and ${
      rate(high)
    } per 1,000 hosts per day; allowed are ${BUDGET.critical} and ${BUDGET.high}.`,
    `What was alarming, by the first label of the name or the port: ${
      [...kinds].sort((a, b) => b[1] - a[1]).slice(0, 12)
        .map(([kind, n]) => `${kind} ${n}`).join("; ") || "nothing"
    }.`,
  ].join("\n\n");
}

/** Where implants are ranked in such offices, with and without parts. */
export function implantTable(study: readonly Implanted[]): string {
  const settings = [...new Set(study.map(({ without }) => without.join(", ")))];
  const row = (list: readonly Implanted[]) => {
    const share = (holds: (one: Implanted) => boolean) =>
      `${list.filter(holds).length} of ${list.length}`;
    return [
      share(({ rank }) => rank === 1),
      share(({ rank }) => rank !== null && rank <= 3),
      share(({ severity }) => severity === "critical" || severity === "high"),
    ];
  };
  const of = (setting: string) =>
    study.filter(({ without }) => without.join(", ") === setting);
  const all = of(settings[0]);
  const names = [...new Set(all.map(({ implant }) => implant))];
  return [
    `Implants put on one host, or on four at the same pace, of such an office; none
is taken from a capture.`,
    table(["implant", "hosts", "first", "first three", "high or critical"], [
      ...names.flatMap((name) =>
        [1, 4].map((infected) => [
          name,
          String(infected),
          ...row(
            all.filter((one) =>
              one.implant === name && one.infected === infected
            ),
          ),
        ])
      ),
    ]),
    table(
      ["without", "first", "first three", "high or critical", "others at high"],
      settings.map((setting) => [
        setting || "(nothing)",
        ...row(of(setting)),
        String(of(setting).reduce((sum, { others }) => sum + others, 0)),
      ]),
    ),
  ].join("\n\n");
}
