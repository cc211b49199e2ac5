import { useEffect, useRef, useState } from "preact/hooks";
import { epochOf, time, utc, zoneName } from "./_format.ts";

/** The term of a query that says when a finding was seen. */
const SEEN = /(^|\s)seen:(\S*)/;

/** As a field of a form has it: by the clocks of the page's zone, "" where open. */
interface Clocks {
  readonly from: string;
  readonly to: string;
}

/** What a query says of when findings were seen; "" where it says nothing of an end. */
export function clocksIn(query: string): Clocks {
  const [, , span = ""] = SEEN.exec(query) ?? [];
  const [from = "", to = ""] = span.split("..");
  return { from: clockOf(from), to: clockOf(to) };
}

/** The query with the term that says the times, or without one. */
export function withClocks(query: string, { from, to }: Clocks): string {
  const rest = query.replace(SEEN, "$1").trim();
  if (from === "" && to === "") return rest;
  return `${rest} seen:${utcOf(from)}..${utcOf(to)}`.trim();
}

/** Only minutes: a day that was typed stays as it is, in the query. */
function clockOf(text: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(text)
    ? time(Date.parse(`${text}Z`) / 1000, "min").replace(" ", "T")
    : "";
}

/** A query is in UTC, so that its address means the same everywhere. */
function utcOf(clock: string): string {
  return clock === "" ? "" : utc(epochOf(clock), "min").replace(" ", "T");
}

/** Two fields for the term `seen:`; alive only, since they know the zone. */
export function SeenBetween(
  { query, ask }: { query: string; ask(query: string): void },
) {
  const [alive, setAlive] = useState(false);
  useEffect(() => setAlive(true), []);
  const from = useRef<HTMLInputElement>(null);
  const to = useRef<HTMLInputElement>(null);
  if (!alive) return <div class="query between" />;
  const shown = clocksIn(query);
  const changed = () =>
    ask(withClocks(query, {
      from: from.current!.value,
      to: to.current!.value,
    }));
  return (
    <div class="query between" key={query}>
      <label for="seen-from">Seen from</label>
      <input
        ref={from}
        id="seen-from"
        type="datetime-local"
        defaultValue={shown.from}
        onBlur={(e) => e.currentTarget.value !== shown.from && changed()}
      />
      <label for="seen-to">to</label>
      <input
        ref={to}
        id="seen-to"
        type="datetime-local"
        defaultValue={shown.to}
        onBlur={(e) => e.currentTarget.value !== shown.to && changed()}
      />
      <span class="soft small">{zoneName()}</span>
    </div>
  );
}
