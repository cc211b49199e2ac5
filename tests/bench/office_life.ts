import {
  about,
  addressOf,
  beats,
  between,
  type Hours,
  lognormal,
  madeUp,
  oneOf,
  Sensor,
  type Service,
  type Uniform,
  visits,
} from "./office.ts";

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

/** A seeded office: who is there, and when. */
export interface Office {
  readonly sensor: Sensor;
  readonly u: Uniform;
  readonly from: number;
  readonly days: number;
  /** Workstations. */
  readonly desks: readonly string[];
  readonly server: string;
  /** Hosts that the office has, of every kind. */
  readonly hosts: number;
  readonly always: Hours;
  /** Names of makers, by what they make. */
  readonly makers: Map<string, string[]>;
}

/** One of so many makers of a thing, the first the most common. */
function maker({ u, makers }: Office, what: string, many: number): string {
  const names = makers.get(what) ??
    Array.from({ length: many }, () => madeUp(u));
  makers.set(what, names);
  return names[Math.floor(many * u() ** 2)];
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

/** Programs that one person in twelve has. */
type Program = (office: Office, desk: string, hours: Hours) => void;

const PROGRAMS: readonly Program[] = [
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
    const { sensor, u } = office;
    const name = `ap.${maker(office, "music", 2)}`;
    for (const [from, to] of hours) {
      sensor.tls(from + 60, desk, {
        name,
        port: oneOf(u, [443, 4070]),
        ja3: "music",
        lasts: (to - from) * between(u, 0.3, 0.95),
        up: 40_000,
        down: 900_000,
      });
    }
  },
  function chat(office, desk, hours) {
    const { sensor, u } = office;
    const name = `ws.${maker(office, "chat", 4)}`;
    for (const [from, to] of hours) {
      sensor.tls(from + 200, desk, {
        name,
        ja3: "electron",
        lasts: (to - from) * between(u, 0.5, 0.97),
        up: 90_000,
        down: 300_000,
      });
    }
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
    const { sensor, u } = office;
    const name = `git.${maker(office, "git", 3)}`, dst = addressOf(name);
    for (const t of beats(u, hours, 600, 0.1)) {
      sensor.lookUp(t - 0.1, desk, name, dst);
      sensor.connect(t, desk, dst, {
        "id.resp_p": 22,
        duration: 2,
        orig_bytes: 3000,
        resp_bytes: about(u, 4000, 9000),
      });
    }
  },
  function shell(office, desk, hours) {
    const { sensor, u } = office;
    const name = `build.${maker(office, "build", 4)}`, dst = addressOf(name);
    for (const t of visits(u, hours, 0.4)) {
      sensor.lookUp(t - 0.1, desk, name, dst);
      sensor.connect(t, desk, dst, {
        "id.resp_p": 22,
        duration: lognormal(u, 2400, 0.8),
        orig_bytes: 60_000,
        resp_bytes: 400_000,
      });
    }
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

/** Printers, a camera, a telephone, phones behind one address, a monitor. */
function liveElsewhere(office: Office, stack: Stack, net: string): number {
  const { sensor, u, always, server } = office;
  const printers = 1 + Math.floor(office.desks.length / 15);
  const supply: Service = { name: `supply.${madeUp(u)}`, ja3: "printer" };
  for (let p = 0; p < printers; p++) {
    const printer = `${net}.${200 + p}`;
    for (const t of beats(u, always, 3600, 0.01)) {
      sensor.tls(t, printer, supply);
    }
    for (const t of beats(u, always, 300, 0.01)) {
      sensor.connect(t, server, printer, {
        "id.resp_p": 161,
        proto: "udp",
        orig_bytes: 80,
        resp_bytes: 90,
        history: "Dd",
      });
    }
    for (const t of beats(u, always, 60, 0.02)) {
      sensor.connect(t, printer, "239.255.255.250", {
        "id.resp_p": 1900,
        proto: "udp",
        conn_state: "S0",
        history: "D",
      });
    }
  }
  const camera = `${net}.220`, maker = madeUp(u), cloud = addressOf(maker);
  if (u() < 0.5) sensor.lookUp(office.from, camera, maker, cloud);
  for (const t of beats(u, always, 25, 0.02)) {
    if (u() > 0.2) continue;
    sensor.connect(t, camera, cloud, {
      "id.resp_p": 10_240,
      proto: "udp",
      orig_bytes: 44,
      resp_bytes: 44,
      history: "Dd",
    });
  }
  const telephone = `${net}.221`, provider = addressOf("sip");
  for (const t of beats(u, always, 120, 0.05)) {
    sensor.connect(t, telephone, provider, {
      "id.resp_p": 5060,
      proto: "udp",
      orig_bytes: 600,
      resp_bytes: 500,
      history: "Dd",
    });
  }
  const phones = `${net}.222`;
  for (const port of [5223, 5228]) {
    for (const t of beats(u, always, 7000, 0.4)) {
      sensor.tls(t, phones, {
        name: port === 5223 ? "1-courier.push.apple.com" : "mtalk.google.com",
        port,
        ja3: `phone ${port}`,
        lasts: between(u, 1000, 6900),
      });
    }
  }
  for (const t of visits(u, always, 20)) {
    sensor.tls(t, phones, { ...oneOf(u, stack.sites), ja3: "phone" });
  }
  // Watches every desk, and one that is no more.
  const monitor = `${net}.3`;
  for (const t of beats(u, always, 120, 0.01)) {
    for (const desk of [...office.desks.slice(0, 8), `${net}.199`]) {
      const gone = desk.endsWith(".199");
      sensor.connect(t + u(), monitor, desk, {
        "id.resp_p": 10_050,
        orig_bytes: gone ? 0 : 90,
        resp_bytes: gone ? 0 : 120,
        ...(gone ? { conn_state: "S0", history: "S" } : {}),
      });
    }
  }
  return printers + 5;
}

/** From outside: watchers of the web server, and whoever knocks. */
function knockAt(office: Office, web: string): void {
  const { sensor, u, always } = office;
  for (let k = 0; k < 3; k++) {
    const watcher = addressOf("watcher", k);
    for (const t of beats(u, always, oneOf(u, [60, 300]), 0.01)) {
      sensor.connect(t, watcher, web, { orig_bytes: 600, resp_bytes: 9000 });
    }
  }
  for (const t of visits(u, always, 60)) {
    sensor.connect(t, addressOf("knock", Math.floor(90 * u())), web, {
      "id.resp_p": oneOf(u, [22, 23, 80, 443, 3389, 8080]),
      conn_state: oneOf(u, ["S0", "REJ"]),
      history: "S",
      orig_bytes: 0,
      resp_bytes: 0,
    });
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
  const others = liveElsewhere(office, stack, net);
  if (u() < 0.5) knockAt(office, `${net}.4`);
  return { ...office, hosts: office.hosts + others };
}
