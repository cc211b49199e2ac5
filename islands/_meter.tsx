/** A bar that is filled to a share in [0, 1]. */
export function Meter(
  { share, live = false }: { share: number; live?: boolean },
) {
  return (
    <svg
      class={live ? "meter live" : "meter"}
      viewBox="0 0 100 8"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <rect class="t" width="100" height="8" />
      <rect class="v" width={Math.round(share * 1000) / 10} height="8" />
    </svg>
  );
}
