import { number, offsetAt } from "../../islands/_format.ts";
import type { HostHour } from "../../pipeline/mod.ts";

const DAY = 86_400, HOUR = 3600;
/** Days shown; of a longer history the last. */
const DAYS = 31;
const LEFT = 84, CELL = 14, WIDTH = 600;
/** Shades, the strongest for the most check-ins of an hour. */
const SHADES = 5;

/** Check-ins in each hour of each day, by the clocks of the page's zone. */
export function HourMap({ ts }: { ts: Float64Array }) {
  const hours = Array.from(ts, (t) => ({ ts: t, records: 1 }));
  return <HourGrid hours={hours} what="check-ins" />;
}

interface HourGridProps {
  /** In time order, of epoch seconds. */
  readonly hours: readonly HostHour[];
  /** What is counted, for those who do not see it. */
  readonly what: string;
}

/** What happened in each hour of each day, by the clocks of the page's zone. */
export function HourGrid({ hours, what }: HourGridProps) {
  const clocks = hours.map(({ ts }) => ts + offsetAt(ts));
  const last = Math.floor(clocks[clocks.length - 1] / DAY);
  const first = Math.max(Math.floor(clocks[0] / DAY), last - DAYS + 1);
  const days = last - first + 1;
  const counts = new Float64Array(days * 24);
  for (const [i, { records }] of hours.entries()) {
    const cell = Math.floor(clocks[i] / HOUR) - first * 24;
    if (cell >= 0) counts[cell] += records;
  }
  const most = Math.max(...counts, 1);
  const wide = (WIDTH - LEFT) / 24;
  return (
    <div class="chart hours">
      <svg
        viewBox={`0 0 ${WIDTH} ${days * CELL + 20}`}
        role="img"
        aria-label={`${what} by hour over ${days} days, at most ${
          number(most)
        } in an hour`}
      >
        {[0, 6, 12, 18].map((hour) => (
          <text key={hour} x={LEFT + hour * wide} y="11">
            {String(hour).padStart(2, "0")}
          </text>
        ))}
        {Array.from({ length: days }, (_, day) => (
          <g key={day}>
            <text x="0" y={day * CELL + 29}>{dayText(first + day)}</text>
            {Array.from({ length: 24 }, (_, hour) => (
              <rect
                key={hour}
                class={`h${shade(counts[day * 24 + hour], most)}`}
                x={(LEFT + hour * wide).toFixed(1)}
                y={day * CELL + 18}
                width={(wide - 1).toFixed(1)}
                height={CELL - 1}
              />
            ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

/** Clocks that were never set count from 1970; such logs carry no date. */
function dayText(day: number): string {
  return day < 366
    ? `day ${day + 1}`
    : new Date(day * DAY * 1000).toISOString().slice(0, 10);
}

/** 0 for none, then 1 to {@link SHADES}. */
function shade(count: number, most: number): number {
  return Math.ceil(SHADES * count / most);
}
