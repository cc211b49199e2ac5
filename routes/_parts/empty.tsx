import type { ComponentChildren } from "preact";

/** What a page says where it has nothing to show. */
export function Empty(
  { title, children }: { title: string; children: ComponentChildren },
) {
  return (
    <section class="state">
      <h1>{title}</h1>
      <p>{children}</p>
    </section>
  );
}
