import { zoneName } from "../../islands/_format.ts";
import { visible } from "../../islands/_visible.ts";
import {
  type DatasetSummary,
  PAIR_LOGS,
  tellsPairs,
} from "../../pipeline/mod.ts";
import { clockText } from "../_clock.ts";
import type { Asked } from "../_session_query.ts";

interface Props {
  readonly dataset: DatasetSummary;
  readonly asked: Asked;
  readonly url: URL;
}

/** What is looked for; a plain form, so that an address can be shared. */
export function SearchForm({ dataset, asked, url }: Props) {
  const given = (name: string) => url.searchParams.get(name) ?? "";
  const others = Object.keys(dataset.records).filter((name) =>
    !tellsPairs(name)
  );
  return (
    <form class="search" action="/sessions" role="search">
      <input type="hidden" name="dataset" value={dataset.name} />
      <input type="hidden" name="tz" value={zoneName()} />
      <label class="grow">
        uid, address or part of a name
        <input name="q" value={asked.q} autocomplete="off" />
      </label>
      <label>
        Source
        <input name="src" value={given("src")} class="mono" />
      </label>
      <label>
        Destination
        <input name="dst" value={given("dst")} class="mono" />
      </label>
      <label class="short">
        Port
        <input name="port" value={given("port")} inputMode="numeric" />
      </label>
      <label>
        Log
        <select name="type">
          {[...PAIR_LOGS, ...others.sort()].map((name) => (
            <option key={name} value={name} selected={name === asked.logType}>
              {visible(name)}
            </option>
          ))}
        </select>
      </label>
      <label>
        From ({zoneName()})
        <input
          name="from"
          value={clockText(asked.from)}
          placeholder="2024-04-19T12:00"
        />
      </label>
      <label>
        Until ({zoneName()})
        <input
          name="to"
          value={clockText(asked.to)}
          placeholder="2024-04-20"
        />
      </label>
      <button class="primary" type="submit">Search</button>
    </form>
  );
}
