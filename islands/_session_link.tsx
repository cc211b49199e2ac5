/** A uid that leads to everything the logs say of its session. */
export function SessionLink(
  { dataset, uid }: { dataset: string; uid: string },
) {
  if (uid === "") return <span class="soft">–</span>;
  const query = new URLSearchParams({ dataset });
  return <a href={`/sessions/${encodeURIComponent(uid)}?${query}`}>{uid}</a>;
}
