import type { ComponentChildren } from "preact";

/** A section of a page with its title. */
export function Panel(
  { id, title, note, wide, children }: {
    id: string;
    title: string;
    note?: string;
    wide: boolean;
    children: ComponentChildren;
  },
) {
  return (
    <section class={wide ? "panel" : "panel w6"} aria-labelledby={id}>
      <header>
        <h2 id={id}>{title}</h2>
        {note ? <span class="small soft">{note}</span> : null}
      </header>
      {children}
    </section>
  );
}
