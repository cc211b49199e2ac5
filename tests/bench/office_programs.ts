import type { Row } from "../_batches.ts";
import {
  about,
  addressOf,
  beats,
  between,
  type Hours,
  lognormal,
  madeUp,
  type Office,
  oneOf,
  type Service,
  visits,
} from "./office.ts";

/** Programs that one person in twelve has. */
type Program = (office: Office, desk: string, hours: Hours) => void;

export const PROGRAMS: readonly Program[] = [
  function weather(office, desk, hours) {
    const { sensor, u } = office;
    const service: Service = {
      name: `api.${maker(office, "weather", 2)}`,
      agent: "Weather/4.1 CFNetwork/1410",
      up: 320,
      down: 2400,
    };
    for (const t of beats(u, hours, oneOf(u, [600, 900, 1800]))) {
      sensor.request(t, desk, service);
    }
  },
  function feeds(office, desk, hours) {
    const { sensor, u } = office;
    const list = Array.from({ length: 12 }, (): Service => ({
      name: `blog.${maker(office, "blogs", 40)}`,
      ja3: "reader",
      up: 500,
      down: about(u, 3000, 60_000),
    }));
    for (const t of beats(u, hours, 1800)) {
      list.forEach((feed, i) => sensor.tls(t + 0.3 * i, desk, feed));
    }
  },
  function ownMail(office, desk, hours) {
    const { sensor, u } = office;
    const service: Service = {
      name: `imap.${maker(office, "mail", 5)}`,
      port: 993,
      ja3: "mail",
      certificate: true,
      up: 900,
      down: 2500,
    };
    for (const t of beats(u, hours, oneOf(u, [60, 300, 600]))) {
      sensor.tls(t, desk, service);
    }
  },
  function fileSync(office, desk, hours) {
    const { sensor, u } = office;
    const service: Service = {
      name: `notify.${maker(office, "sync", 2)}`,
      ja3: "sync",
      certificate: true,
      lasts: 58,
      up: 900,
      down: 1200,
    };
    for (const t of beats(u, hours, 60, 0.03)) sensor.tls(t, desk, service);
  },
  function music(office, desk, hours) {
    const name = `ap.${maker(office, "music", 2)}`;
    staysOpen(office, desk, hours, 60, [0.3, 0.95], () => ({
      name,
      port: oneOf(office.u, [443, 4070]),
      ja3: "music",
      up: 40_000,
      down: 900_000,
    }));
  },
  function chat(office, desk, hours) {
    const name = `ws.${maker(office, "chat", 4)}`;
    staysOpen(office, desk, hours, 200, [0.5, 0.97], () => ({
      name,
      ja3: "electron",
      up: 90_000,
      down: 300_000,
    }));
  },
  function game(office, desk, hours) {
    const { sensor, u } = office;
    const dst = addressOf(madeUp(u));
    for (const t of visits(u, hours, 0.3)) {
      sensor.connect(t, desk, dst, {
        "id.resp_p": 27_017 + Math.floor(20 * u()),
        proto: "udp",
        duration: lognormal(u, 1500, 0.5),
        orig_bytes: 300_000,
        resp_bytes: 2_000_000,
        history: "Dd",
      });
    }
  },
  function git(office, desk, hours) {
    const { u } = office, name = `git.${maker(office, "git", 3)}`;
    asksBySsh(office, desk, name, beats(u, hours, 600, 0.1), () => ({
      duration: 2,
      orig_bytes: 3000,
      resp_bytes: about(u, 4000, 9000),
    }));
  },
  function shell(office, desk, hours) {
    const { u } = office, name = `build.${maker(office, "build", 4)}`;
    asksBySsh(office, desk, name, visits(u, hours, 0.4), () => ({
      duration: lognormal(u, 2400, 0.8),
      orig_bytes: 60_000,
      resp_bytes: 400_000,
    }));
  },
  function ticker(office, desk, hours) {
    const { sensor, u } = office;
    const service: Service = {
      name: `quotes.${maker(office, "quotes", 3)}`,
      certificate: true,
      up: 800,
      down: 1500,
    };
    for (const t of beats(u, hours, 30, 0.05)) {
      if (u() < 0.4) sensor.tls(t, desk, service);
    }
  },
];

/** Holds a connection through a share of each stretch of hours. */
function staysOpen(
  { sensor, u }: Office,
  desk: string,
  hours: Hours,
  after: number,
  [least, most]: readonly [number, number],
  service: () => Service,
): void {
  for (const [from, to] of hours) {
    const own = service(), lasts = (to - from) * between(u, least, most);
    sensor.tls(from + after, desk, { ...own, lasts });
  }
}

function asksBySsh(
  { sensor }: Office,
  desk: string,
  name: string,
  times: Iterable<number>,
  conn: () => Row,
): void {
  const dst = addressOf(name);
  for (const t of times) {
    sensor.lookUp(t - 0.1, desk, name, dst);
    sensor.connect(t, desk, dst, { "id.resp_p": 22, ...conn() });
  }
}

/** One of so many makers of a thing, the first the most common. */
function maker({ u, makers }: Office, what: string, many: number): string {
  const names = makers.get(what) ??
    Array.from({ length: many }, () => madeUp(u));
  makers.set(what, names);
  return names[Math.floor(many * u() ** 2)];
}
