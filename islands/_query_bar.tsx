import type { FindingPage } from "./_finding_api.ts";
import { addressOf, type Asked, type Of } from "./_finding_calls.ts";
import { number } from "./_format.ts";
import { SeenBetween } from "./_seen_between.tsx";
import { cut, visible } from "./_visible.ts";

interface Props {
  readonly of: Of;
  readonly asked: Asked;
  readonly page: FindingPage;
  ask(asked: Asked): void;
}

const GROUPS: Readonly<Record<string, string>> = {
  pair: "pair",
  destination: "destination",
  name: "name",
  organisation: "organisation",
  ja3: "TLS fingerprint",
  certificate: "certificate",
  agent: "user agent",
  source: "source",
};

/** The query, what in it is wrong, and ready terms to switch on and off. */
export function QueryBar({ of, asked, page, ask }: Props) {
  const { query, group } = asked;
  return (
    <div class="querybar">
      <form
        class="query"
        action="/"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          const data = new FormData(event.currentTarget);
          ask({ query: String(data.get("q")), group });
        }}
      >
        <input type="hidden" name="dataset" value={of.dataset} />
        <input type="hidden" name="run" value={of.run} />
        <label for="q">Query</label>
        <input
          id="q"
          name="q"
          key={query}
          defaultValue={query}
          maxLength={2000}
          spellcheck={false}
          autocomplete="off"
          placeholder="src:10.0.0.0/8 name:*.example.com beacon:>=90 verdict:none sort:duration-desc"
          aria-describedby={page.errors.length > 0 ? "query-errors" : undefined}
        />
        <kbd>/</kbd>
        <label for="group">Group by</label>
        <select
          id="group"
          name="group"
          onChange={(event) => ask({ query, group: event.currentTarget.value })}
        >
          {Object.entries(GROUPS).map(([name, text]) => (
            <option key={name} value={name} selected={name === group}>
              {text}
            </option>
          ))}
        </select>
        <button type="submit">Search</button>
      </form>
      {page.errors.length === 0
        ? null
        : <Wrong query={query} errors={page.errors} />}
      <SeenBetween
        query={query}
        ask={(next) => ask({ query: next, group })}
      />
      <Chips of={of} asked={asked} page={page} ask={ask} />
    </div>
  );
}

const LONG = 300;

/** The query with what is wrong underlined, and why. */
function Wrong(
  { query, errors }: { query: string; errors: FindingPage["errors"] },
) {
  const parts: preact.JSX.Element[] = [];
  let at = 0;
  for (const { from, to } of errors) {
    parts.push(<>{visible(query.slice(at, from))}</>);
    parts.push(<u>{cut(visible(query.slice(from, to)), LONG)}</u>);
    at = to;
  }
  return (
    <div id="query-errors" class="wrong" role="alert">
      <p class="mono">{parts}{visible(query.slice(at))}</p>
      <ul>
        {errors.map(({ from, reason }) => (
          <li key={from}>{cut(visible(reason), LONG)}</li>
        ))}
      </ul>
    </div>
  );
}

function Chips({ of, asked, page, ask }: Props) {
  const severities = ["critical", "high", "medium", "low"];
  return (
    <div class="chips">
      <Chip {...{ of, asked, ask }} term="is:undecided">
        undecided <b>{number(page.undecided)}</b>
      </Chip>
      {severities.map((name) => (
        <Chip key={name} {...{ of, asked, ask }} term={`severity:${name}`}>
          {name} <b>{number(page.bySeverity[name] ?? 0)}</b>
        </Chip>
      ))}
      {Object.entries(page.byDetector).map(([name, count]) => (
        <Chip
          key={name}
          {...{ of, asked, ask }}
          term={`detector:${/\s/.test(name) ? `"${name}"` : name}`}
        >
          {visible(name)} <b>{number(count)}</b>
        </Chip>
      ))}
    </div>
  );
}

/** A link that puts a term into the query, or takes it out. */
function Chip(
  { of, asked, ask, term, children }: Omit<Props, "page"> & {
    term: string;
    children: preact.ComponentChildren;
  },
) {
  const on = ` ${asked.query} `.includes(` ${term} `);
  const query = on
    ? ` ${asked.query} `.replace(` ${term} `, " ").trim()
    : `${asked.query} ${term}`.trim();
  const next = { ...asked, query };
  return (
    <a
      class="chip"
      href={addressOf(of, next)}
      aria-current={on ? "true" : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        ask(next);
      }}
    >
      {children}
    </a>
  );
}
