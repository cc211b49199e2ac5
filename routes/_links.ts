/** A path that keeps what this page's address has chosen. */
export function linkTo(
  path: string,
  url: URL,
  keep: readonly string[] = ["dataset", "run"],
): string {
  const query = new URLSearchParams();
  for (const name of keep) {
    const value = url.searchParams.get(name);
    if (value !== null) query.set(name, value);
  }
  return query.size === 0 ? path : `${path}?${query}`;
}
