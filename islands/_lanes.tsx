import type { Direction } from "../pipeline/finding.ts";
import type { FindingPage } from "./_finding_api.ts";
import { addressOf, type Asked, type Of } from "./_finding_calls.ts";
import { number } from "./_format.ts";

/** In the order of their tabs, and what each holds. */
const LANES: Readonly<Record<Direction, string>> = {
  egress: "from inside to outside",
  internal: "between internal hosts",
  ingress: "from outside to inside",
  external: "between outside hosts",
};

/** The terms of a query; quotes keep spaces together. */
const termsOf = (query: string) => query.match(/(?:"[^"]*"?|[^\s"])+/g) ?? [];

const isLane = (term: string) => /^lane:/i.test(term);

/** A query over all lanes. */
export function withoutLane(query: string): string {
  return termsOf(query).filter((term) => !isLane(term)).join(" ");
}

/** The same query over one lane, or over all. */
export function withLane(query: string, lane: Direction | null): string {
  const rest = withoutLane(query);
  return lane === null ? rest : `lane:${lane} ${rest}`.trim();
}

/** The lane that a query asks for, all where it names none; null for several. */
function laneIn(query: string): string | null {
  const lanes = termsOf(query).filter(isLane);
  if (lanes.length === 0) return "all";
  return lanes.length === 1 ? lanes[0].slice("lane:".length) : null;
}

interface Props {
  readonly of: Of;
  readonly asked: Asked;
  readonly page: FindingPage;
  ask(asked: Asked): void;
}

/**
 * What goes out, what stays inside and what comes in: each a list of its own,
 * counted as the rest of the query has it.
 */
export function LaneTabs({ of, asked, page, ask }: Props) {
  const { byLane } = page;
  const current = laneIn(asked.query.toLowerCase());
  const all = Object.values(byLane).reduce((sum, n) => sum + n, 0);
  const tabs: [string, Direction | null, number, string][] = [
    ["all", null, all, "of every lane"],
    ...(Object.entries(LANES) as [Direction, string][]).map((
      [lane, doc],
    ): [string, Direction, number, string] => [
      lane,
      lane,
      byLane[lane] ?? 0,
      doc,
    ]),
  ];
  return (
    <nav class="lanes" aria-label="Lanes">
      {tabs.filter(([name, , count]) =>
        count > 0 || name !== "external" || name === current
      ).map(([name, lane, count, doc]) => {
        const next = { ...asked, query: withLane(asked.query, lane) };
        return (
          <a
            key={name}
            href={addressOf(of, next)}
            title={doc}
            aria-current={name === current ? "true" : undefined}
            onClick={(event) => {
              if (event.metaKey || event.ctrlKey || event.shiftKey) return;
              event.preventDefault();
              ask(next);
            }}
          >
            {name} <b>{page.partial ? "" : number(count)}</b>
            <span class="doc">{doc}</span>
          </a>
        );
      })}
    </nav>
  );
}
