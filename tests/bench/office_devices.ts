import {
  addressOf,
  beats,
  between,
  madeUp,
  type Office,
  oneOf,
  type Service,
  visits,
} from "./office.ts";

/**
 * Printers, a camera, a telephone, phones behind one address, a monitor.
 *
 * @param sites where the phones go.
 * @returns hosts.
 */
export function liveElsewhere(
  office: Office,
  sites: readonly Service[],
  net: string,
): number {
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
    sensor.tls(t, phones, { ...oneOf(u, sites), ja3: "phone" });
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
export function knockAt(office: Office, web: string): void {
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
