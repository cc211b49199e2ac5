import { useEffect, useState } from "preact/hooks";
import { keep, LONGEST_AUTHOR, preferencesOf } from "./_preferences.ts";
import { visible } from "./_visible.ts";

/** Whether somebody would rather not be asked; until the tab is closed. */
const DECLINED = "skerry-no-author";

/**
 * Asks once who gives the answers, after the first of them and without taking
 * the focus: keys go on deciding meanwhile.
 */
export function AuthorLine({ answered }: { answered: boolean }) {
  const [author, setAuthor] = useState<string | null>(null);
  const [asks, setAsks] = useState(false);
  useEffect(() => {
    const known = preferencesOf(document.cookie).author;
    setAuthor(known);
    setAsks(known === "" && sessionStorage.getItem(DECLINED) === null);
  }, []);
  const done = (name: string) => {
    if (name === "") sessionStorage.setItem(DECLINED, "");
    keep("author", name);
    setAuthor(name);
    setAsks(false);
  };
  if (author) return <span class="soft small by">as {visible(author)}</span>;
  if (!asks || !answered) return null;
  return (
    <form
      class="said by"
      onSubmit={(event) => {
        event.preventDefault();
        const data = new FormData(event.currentTarget);
        done(String(data.get("author")).trim());
      }}
    >
      <label>
        Who says so?{" "}
        <input name="author" maxLength={LONGEST_AUTHOR} autocomplete="name" />
      </label>
      <button type="submit">Keep</button>
      <button type="button" onClick={() => done("")}>Not now</button>
    </form>
  );
}
