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
  type Service,
} from "./office.ts";

/** Puts an implant on hosts of an office. */
type Implant = (office: Office, hosts: readonly string[]) => void;

/** Addresses of those whom an implant talks to; no service of the office has them. */
const far = (office: Office, k = 0) =>
  addressOf(`implant ${office.desks[0]}`, k);

/** From a random hour of the first day to the end of the last. */
const stay = ({ u, from, days }: Office): Hours => [
  [from + 3600 * between(u, 1, 10), from + days * 86_400],
];

/** Each host's check-ins while the implant stays. */
function* checkIns(
  office: Office,
  hosts: readonly string[],
  period: number,
  jitter: number,
): Generator<[t: number, host: string]> {
  for (const host of hosts) {
    for (const t of beats(office.u, stay(office), period, jitter)) {
      yield [t, host];
    }
  }
}

const BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/120";

/** Check-ins by HTTP at an address. */
function asksByHttp(conn: Row, http: (dst: string) => Row): Implant {
  return (office, hosts) => {
    const { sensor, u } = office, dst = far(office);
    const period = about(u, 20, 600);
    for (const [t, host] of checkIns(office, hosts, period, 0.2)) {
      const row = sensor.connect(t, host, dst, conn);
      sensor.tell("http", row, { trans_depth: 1, ...http(dst) });
    }
  };
}

/**
 * Ways that implants call home, by what they leave in a log; none is taken
 * from a capture.
 */
export const IMPLANTS: Readonly<Record<string, Implant>> = {
  "HTTPS, own certificate, no name": (office, hosts) => {
    const { sensor, u } = office, dst = far(office);
    const period = about(u, 30, 900);
    for (const [t, host] of checkIns(office, hosts, period, 0.3)) {
      const row = sensor.connect(t, host, dst, {
        orig_bytes: 700 + Math.round(20 * u()),
        resp_bytes: u() < 0.05 ? about(u, 3000, 90_000) : 600,
      });
      sensor.tell("ssl", row, {
        established: "T",
        ja3: "implant",
        subject: "CN=localhost",
        issuer: "CN=localhost",
      });
    }
  },
  "HTTPS, good certificate, new name": (office, hosts) => {
    const { sensor, u } = office, period = about(u, 30, 900);
    const service: Service = {
      name: `cdn.${madeUp(u)}`,
      certificate: true,
      ja3: "implant",
      up: 800,
      down: 700,
    };
    for (const [t, host] of checkIns(office, hosts, period, 0.4)) {
      sensor.tls(t, host, service);
    }
  },
  "HTTP POST to an address, as a browser": asksByHttp(
    { "id.resp_p": 80, orig_bytes: 900, resp_bytes: 400 },
    (host) => ({
      method: "POST",
      host,
      uri: "/submit.php",
      user_agent: BROWSER,
    }),
  ),
  "HTTP without Host, tool's user agent": asksByHttp(
    { "id.resp_p": 8080, orig_bytes: 300, resp_bytes: 250 },
    () => ({
      method: "GET",
      uri: "/ping",
      user_agent: "python-requests/2.31",
    }),
  ),
  "raw TCP check-ins, odd port": (office, hosts) => {
    const { sensor, u } = office, dst = far(office);
    const port = 2000 + Math.floor(30_000 * u()), period = about(u, 20, 900);
    for (const [t, host] of checkIns(office, hosts, period, 0.25)) {
      sensor.connect(t, host, dst, {
        "id.resp_p": port,
        orig_bytes: 150,
        resp_bytes: 80,
      });
    }
  },
  "shell to outside, odd port": (office, hosts) => {
    const { sensor, u } = office, dst = far(office);
    for (const host of hosts) {
      sensor.connect(office.from + 3600 * between(u, 8, 12), host, dst, {
        "id.resp_p": 2000 + Math.floor(30_000 * u()),
        duration: lognormal(u, 9000, 0.5),
        orig_bytes: 90_000,
        resp_bytes: 30_000,
      });
    }
  },
  "shell between networks inside, odd port": (office, hosts) => {
    const { sensor, u } = office;
    const port = 2000 + Math.floor(30_000 * u());
    for (const host of hosts) {
      sensor.connect(
        office.from + 3600 * between(u, 8, 12),
        host,
        "172.30.8.17",
        {
          "id.resp_p": port,
          duration: lognormal(u, 9000, 0.5),
          orig_bytes: 60_000,
          resp_bytes: 90_000,
        },
      );
    }
  },
  "changing addresses, one fingerprint": (office, hosts) => {
    const { sensor, u } = office, period = about(u, 30, 600);
    for (const [t, host] of checkIns(office, hosts, period, 0.2)) {
      const row = sensor.connect(
        t,
        host,
        far(office, 1 + Math.floor(9 * u())),
        { orig_bytes: 700, resp_bytes: 500 },
      );
      sensor.tell("ssl", row, { established: "T", ja3: "implant" });
    }
  },
  "server is gone": (office, hosts) => {
    const { sensor, u } = office, dst = far(office), period = about(u, 20, 300);
    for (const [t, host] of checkIns(office, hosts, period, 0.1)) {
      sensor.connect(t, host, dst, {
        "id.resp_p": 4443,
        orig_bytes: 0,
        resp_bytes: 0,
        conn_state: "S0",
        history: "S",
      });
    }
  },
  "half an hour and half of it lost": (office, hosts) => {
    const { sensor, u } = office, dst = far(office);
    for (const [t, host] of checkIns(office, hosts, 1800, 0.3)) {
      if (u() < 0.5) continue;
      const row = sensor.connect(t, host, dst, {
        orig_bytes: 700,
        resp_bytes: 500,
      });
      sensor.tell("ssl", row, { established: "T", ja3: "implant" });
    }
  },
};
