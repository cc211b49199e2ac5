import { MISSING, number, plural } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import {
  BEHAVIOUR_DOCS,
  type DatasetSummary,
  LIFT_DOCS,
  type RunSummary,
  SIGNAL_DOCS,
} from "../../pipeline/mod.ts";
import type { BenignView } from "../_benign.ts";
import {
  type AnyClass,
  doesWhat,
  fitsWhen,
  liftedWhen,
} from "./benign_words.ts";
import { DatasetField } from "./hunt_panel.tsx";

interface Props {
  readonly benign: BenignView;
  readonly datasets: readonly DatasetSummary[];
  readonly run: RunSummary | null;
  /** Findings of the run by class; null where counting them takes long. */
  readonly byClass: Readonly<Record<string, number>> | null;
}

/** What counts as benign: each class, what it takes, and one's own list. */
export function BenignPanel({ benign, datasets, run, byClass }: Props) {
  const { list, own, removed, path } = benign;
  const query = new URLSearchParams(run ? { dataset: run.dataset } : {});
  return (
    <section class="panel pad0" aria-labelledby="benign">
      <header>
        <h2 id="benign">Benign traffic</h2>
        <span class="small soft">
          {plural(list.pairs.length + list.lookups.length, "class", "classes")}
          {" "}
          {path === null ? "as shipped" : `with those of ${visible(path)}`} · as
          {" "}
          <a href={`/api/benign?${query}`} download>JSON</a>
        </span>
      </header>
      <p class="note inset">
        A class lowers the score of what fits it, and holds its severity down to
        a cap; no name alone is enough. It is lifted again where{" "}
        {Object.values(LIFT_DOCS).join(", or where ")}, unless a class names
        fewer.
      </p>
      <div
        class="scroll"
        tabIndex={0}
        role="region"
        aria-label="Classes of benign traffic"
      >
        <table class="blocks">
          <thead>
            <tr>
              <th scope="col">Class</th>
              <th scope="col">Of</th>
              <th scope="col">What it is</th>
              <th scope="col">Fits with</th>
              <th scope="col">Does</th>
              <th scope="col" class="num">Findings</th>
            </tr>
          </thead>
          <tbody>
            {(["pairs", "lookups"] as const).flatMap((of) =>
              list[of].map((known) => (
                <Row
                  key={`${of} ${known.name}`}
                  of={of === "pairs" ? "pairs" : "look-ups"}
                  known={known}
                  isOwn={own.has(known.name)}
                  count={run && byClass && (byClass[known.name] ?? 0)}
                  href={`/?${new URLSearchParams({
                    ...Object.fromEntries(query),
                    q: `class:"${known.name}"`,
                  })}`}
                />
              ))
            )}
          </tbody>
        </table>
      </div>
      <Signals />
      {removed.length === 0 ? null : (
        <p class="note inset">
          Taken away: {removed.map(visible).join(", ")}.
        </p>
      )}
      {datasets.length === 0
        ? null
        : <Own {...{ datasets, run }} hasOwn={path !== null} />}
    </section>
  );
}

function Row(
  { of, known, isOwn, count, href }: {
    of: string;
    known: AnyClass;
    isOwn: boolean;
    count: number | null;
    href: string;
  },
) {
  const names = known.names ?? [];
  const ports = "ports" in known ? known.ports ?? [] : [];
  return (
    <tr>
      <td>
        {visible(known.name)}{" "}
        {isOwn ? <span class="tag strong">own</span> : null}
      </td>
      <td class="nowrap">{of}</td>
      <td class="wrap">
        {visible(known.doc)}
        {names.length + ports.length === 0 ? null : (
          <details>
            <summary class="soft">
              {[
                names.length > 0 ? plural(names.length, "name") : "",
                ports.length > 0 ? plural(ports.length, "port") : "",
              ].filter(Boolean).join(", ")}
            </summary>
            <span class="mono wrap">
              {[...names, ...ports].map(visible).join(", ")}
            </span>
          </details>
        )}
      </td>
      <td class="wrap">
        {fitsWhen(known)}
        {"liftedBy" in known && known.liftedBy
          ? <div class="soft">lifted only where {liftedWhen(known)}</div>
          : null}
      </td>
      <td class="nowrap">{doesWhat(known)}</td>
      <td class="num" data-k="findings">
        {count === 0 ? 0 : (
          <a href={href}>
            {count === null ? "list" : number(count)}
            <span class="sr">of {visible(known.name)}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

function Signals() {
  const all = {
    name: "the name is on the list, or under one of it",
    port: "the port is on the list",
    agent: "every user agent fits the pattern",
    ...BEHAVIOUR_DOCS,
    ...SIGNAL_DOCS,
  };
  return (
    <details class="inset">
      <summary>What the signals are</summary>
      <dl class="kv">
        {Object.entries(all).map(([name, doc]) => (
          <>
            <dt>{name}</dt>
            <dd>{doc || MISSING}</dd>
          </>
        ))}
      </dl>
    </details>
  );
}

function Own(
  { datasets, run, hasOwn }:
    & Pick<Props, "datasets" | "run">
    & { hasOwn: boolean },
) {
  return (
    <div class="inset">
      <form
        class="fields"
        action="/api/benign/import"
        method="post"
        encType="multipart/form-data"
      >
        <label for="benign-file">Your own, JSON as above</label>
        <input
          id="benign-file"
          type="file"
          name="file"
          accept=".json,application/json"
          required
        />
        <DatasetField id="benign-of" datasets={datasets} run={run} />
        <div class="whole row">
          <button type="submit">Hunt again with it</button>
        </div>
      </form>
      {hasOwn && run !== null
        ? (
          <form action="/api/hunts" method="post">
            <input type="hidden" name="dataset" value={run.dataset} />
            <input type="hidden" name="benign" value="shipped" />
            <button type="submit">
              Hunt again with the shipped list alone
            </button>
          </form>
        )
        : null}
    </div>
  );
}
