import { plural } from "../../islands/_format.ts";
import { LogText } from "./log_text.tsx";

/**
 * Other keys that saw the same contacts: they are told once, under the most
 * specific one, which is this finding.
 */
export function AlsoSeenAs({ keys }: { keys: readonly string[] }) {
  if (keys.length === 0) return null;
  return (
    <section class="panel w12 also" aria-labelledby="also">
      <header>
        <h2 id="also">Also seen as</h2>
        <span class="small soft">
          {plural(keys.length, "other key")}{" "}
          with the same contacts, each with its count and score
        </span>
      </header>
      <ul>
        {keys.map((key) => (
          <li key={key}>
            <LogText text={key} />
          </li>
        ))}
      </ul>
    </section>
  );
}
