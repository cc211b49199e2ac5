import {
  about,
  beats,
  between,
  type Hours,
  lognormal,
  madeUp,
  type Office,
  oneOf,
  Sensor,
  type Service,
  type Uniform,
  visits,
} from "./office.ts";
import { knockAt, liveElsewhere } from "./office_devices.ts";
import { PROGRAMS } from "./office_programs.ts";

/** What an office has installed everywhere. */
interface Stack {
  readonly fleet: readonly {
    service: Service;
    period: number;
    jitter: number;
  }[];
  readonly mail: Service;
  readonly push: Service;
  readonly sites: readonly Service[];
  readonly trackers: readonly Service[];
}

const DAY = 86_400;

/** Names that many have, as agents of a fleet ask for; half of them made up. */
const FLEETS = [
  "ts01-b.cloudsink.net",
  "settings-win.data.microsoft.com",
  "dci.sophosupd.com",
];

function stackOf(u: Uniform): Stack {
  const site = (): Service => ({
    name: `www.${madeUp(u)}`,
    addresses: u() < 0.4 ? 6 : 1,
    certificate: u() < 0.3,
    down: about(u, 4000, 400_000),
    up: about(u, 600, 3000),
  });
  const agent = (name: string): Service => ({
    name,
    addresses: u() < 0.5 ? 4 : 1,
    certificate: u() < 0.4,
    ja3: `agent ${name}`,
    agent: `${name.split(".")[0]}-agent/${Math.floor(9 * u())}.1`,
    up: about(u, 300, 3000),
    down: about(u, 200, 6000),
  });
  return {
    fleet: Array.from({ length: 3 }, (_, i) => ({
      service: agent(
        i === 0
          ? oneOf(u, FLEETS)
          : `${oneOf(u, ["agent", "api", "hub"])}.${madeUp(u)}`,
      ),
      period: about(u, 120, 3600),
      jitter: oneOf(u, [0.01, 0.05, 0.2]),
    })),
    mail: {
      name: u() < 0.5 ? "outlook.office365.com" : `mail.${madeUp(u)}`,
      addresses: 4,
      certificate: u() < 0.5,
      up: 1500,
      down: 4000,
    },
    push: {
      name: u() < 0.5 ? "client.wns.windows.com" : `push.${madeUp(u)}`,
      addresses: 20,
      ja3: "push",
      up: 2500,
      down: 3500,
    },
    sites: Array.from({ length: 300 }, site),
    trackers: Array.from({ length: 40 }, () => ({
      ...site(),
      up: 900,
      down: 600,
    })),
  };
}

function liveAtDesk(
  office: Office,
  stack: Stack,
  desk: string,
  hours: Hours,
  awake: Hours,
): void {
  const { sensor, u, server } = office;
  const browser = `browser ${Math.floor(3 * u())}`;
  const favourites = Array.from(
    { length: 25 },
    () => stack.sites[Math.floor(stack.sites.length * u() ** 2)],
  );
  for (const t of visits(u, hours, between(u, 3, 8))) {
    const site = oneOf(u, favourites);
    for (let k = 0; k < 1 + 4 * u(); k++) {
      sensor.tls(t + 0.2 * k, desk, { ...site, ja3: browser });
    }
    for (let k = 0; k < 3 * u(); k++) {
      sensor.tls(t + 0.5 + 0.1 * k, desk, {
        ...oneOf(u, stack.trackers),
        ja3: browser,
      });
    }
  }
  for (const { service, period, jitter } of stack.fleet) {
    if (u() < 0.08) continue;
    for (const t of beats(u, awake, period, jitter)) {
      sensor.tls(t, desk, service);
    }
  }
  for (const t of beats(u, hours, 150, 0.3)) sensor.tls(t, desk, stack.mail);
  for (const [from, to] of awake) {
    sensor.tls(from + 20, desk, { ...stack.push, lasts: (to - from) * 0.9 });
  }
  for (const t of beats(u, awake, 1024, 0.01)) {
    sensor.connect(t, desk, server, {
      "id.resp_p": 123,
      proto: "udp",
      duration: 0.01,
      orig_bytes: 48,
      resp_bytes: 48,
      history: "Dd",
    });
  }
  for (const t of visits(u, hours, 4)) {
    sensor.connect(t, desk, server, {
      "id.resp_p": oneOf(u, [88, 389, 445]),
      duration: lognormal(u, 20, 2),
      orig_bytes: about(u, 2000, 90_000),
      resp_bytes: about(u, 2000, 900_000),
    });
  }
  for (const program of PROGRAMS) {
    if (u() < 1 / 12) program(office, desk, hours);
  }
}

export interface OfficeOptions {
  readonly desks: number;
  readonly days: number;
  /** Log types beside conn; all where absent. */
  readonly logs?: readonly string[];
}

/** A Tuesday in autumn; nothing of it depends on the real date. */
const FROM = 1_729_555_200;

/** An office without any malice, from a seed. */
export function benignOffice(
  u: Uniform,
  { desks: n, days, logs = ["ssl", "http", "dns"] }: OfficeOptions,
): Office {
  const net = `10.${Math.floor(250 * u())}.${Math.floor(250 * u())}`;
  const server = `${net}.2`;
  const desks = Array.from({ length: n }, (_, i) => `${net}.${10 + i}`);
  const office: Office = {
    sensor: new Sensor(u, server, new Set(logs)),
    u,
    from: FROM,
    days,
    desks,
    server,
    hosts: n + 2,
    always: [[FROM, FROM + days * DAY]],
    makers: new Map(),
  };
  const stack = stackOf(u);
  for (const desk of desks) {
    const stays = u() < 0.4;
    const hours: Hours = Array.from({ length: days }, (_, d) => {
      const morning = FROM + d * DAY + 3600 * between(u, 7, 9.5);
      return [morning, morning + 3600 * between(u, 6, 10)] as const;
    });
    liveAtDesk(office, stack, desk, hours, stays ? office.always : hours);
  }
  const others = liveElsewhere(office, stack.sites, net);
  if (u() < 0.5) knockAt(office, `${net}.4`);
  return { ...office, hosts: office.hosts + others };
}
