/** A page that says what could not be done, and what to do. */
export function Failure(
  p: { status: number; message: string; hint: string },
) {
  return (
    <section class="state err">
      <h1>{p.message}</h1>
      <p class="what">Status {p.status}</p>
      {p.hint === "" ? null : <p>{p.hint}</p>}
      <a class="button" href="/">Go to the findings</a>
    </section>
  );
}
