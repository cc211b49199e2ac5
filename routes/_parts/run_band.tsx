import {
  number,
  percent,
  plural,
  span,
  time,
  zoneName,
} from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import type { RunReport, Window } from "../../pipeline/mod.ts";

type Report = Omit<RunReport, "findings">;

/** What a run looked at, in figures. */
export function RunFacts({ report }: { report: Report }) {
  const { window, sensors } = report;
  const skipped = sum(report.imports.map((i) => i.skipped));
  const records = sum(report.imports.map((i) => i.records));
  return (
    <dl class="facts">
      <div>
        <dt>Internal hosts</dt>
        <dd>{number(report.hostCount)}</dd>
      </div>
      <div>
        <dt>Connections</dt>
        <dd>{number(report.connectionCount)}</dd>
      </div>
      <div class="two">
        <dt>Window ({zoneName()})</dt>
        <dd class="range">{span(window.from, window.to)}</dd>
      </div>
      <div>
        <dt>Log coverage</dt>
        <dd>
          {percent(window.logCoverage)}{" "}
          <small>{plural(window.gaps.length, "gap")}</small>
        </dd>
      </div>
      <div>
        <dt>Lines not read</dt>
        <dd>
          {number(skipped)} <small>of {number(records + skipped)}</small>
        </dd>
      </div>
      <div>
        <dt>Sensors</dt>
        <dd>
          {number(sensors.length)}{" "}
          <small>{sensors.slice(0, 3).map(visible).join(", ")}</small>
        </dd>
      </div>
    </dl>
  );
}

/** The first of what was left out, above the list; the rest is below it. */
export function Caveats({ report }: { report: Report }) {
  const hidden = sum(Object.values(report.hidden));
  const parts = report.notLookedAt.slice(0, 2).map(visible);
  const more = report.notLookedAt.length - parts.length;
  if (more > 0) parts.push(`${number(more)} more`);
  if (hidden > 0) parts.push(`${plural(hidden, "pair")} hidden by rule`);
  return (
    <p class="note">
      Not looked at: {parts.length === 0 ? "nothing known" : parts.join("; ")}.
      {" "}
      <a href="#read">What was read, and what was not</a>
    </p>
  );
}

/** What a run did not look at, and why. */
export function NotLookedAt({ report }: { report: Report }) {
  const { foundBy, networks } = report.internalNetworks;
  const hidden = Object.entries(report.hidden).filter(([, n]) => n > 0);
  return (
    <section class="panel" aria-labelledby="read">
      <header>
        <h2 id="read">What was read, and what was not</h2>
      </header>
      <dl class="kv">
        <dt>Not looked at</dt>
        <dd>
          <Sentences of={report.notLookedAt} none="nothing was left out" />
        </dd>
        <dt>Gaps in the logs</dt>
        <dd>
          <Sentences of={gapsOf(report.window)} none="none" />
        </dd>
        <dt>Lines not read</dt>
        <dd>
          <Sentences of={skippedOf(report)} none="none" />
        </dd>
        <dt>Hidden by rule</dt>
        <dd>
          <Sentences
            of={hidden.map(([rule, n]) => `${rule}: ${plural(n, "pair")}`)}
            none="no pair"
          />
        </dd>
        <dt>Internal networks</dt>
        <dd>
          {visible(foundBy)}
          {networks.length === 0 ? null : (
            <>
              : <span class="mono">{networks.map(visible).join(", ")}</span>
            </>
          )}
        </dd>
      </dl>
    </section>
  );
}

const LISTED = 8;

function Sentences({ of, none }: { of: readonly string[]; none: string }) {
  if (of.length === 0) return <span class="soft">{none}</span>;
  if (of.length === 1) return <>{visible(of[0])}</>;
  const rest = of.length - LISTED;
  return (
    <ul>
      {of.slice(0, LISTED).map((text) => <li key={text}>{visible(text)}</li>)}
      {rest > 0 ? <li class="soft">and {number(rest)} more</li> : null}
    </ul>
  );
}

function gapsOf(window: Window): string[] {
  return window.gaps.map((gap) => `${span(gap.from, gap.to)} ${zoneName()}`);
}

/** "conn.log: 3 lines; the first is line 12, ts: not a number". */
function skippedOf(report: Report): string[] {
  return report.imports.filter((i) => i.skipped > 0).map((i) => {
    const first = i.errors[0];
    const where = first
      ? `; the first is line ${number(first.line)}, ${
        first.field === "" ? "" : `${first.field}: `
      }${first.reason}`
      : "";
    return `${fileName(i.path)}: ${plural(i.skipped, "line")}${where}`;
  });
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

/** "run 3, 2026-11-24 09:12 UTC, 4.8 s". */
export function runTitle(id: number, report: Report): string {
  const seconds = sum(Object.values(report.timings));
  return `run ${id}, ${time(report.startedAt, "min")} ${zoneName()}` +
    (seconds > 0 ? `, ${number(seconds, 1)}\u00a0s` : "");
}
