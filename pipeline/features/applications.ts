export type NameSource = "host" | "sni" | "connect";

/**
 * What http and ssl say of the connections, one entry per uid. All arrays have
 * one value per entry.
 */
export class Applications {
  readonly index = new Map<string, number>();
  /** Requests that were read, to tell what is read twice; empty when finished. */
  readonly requestsSeen = new Set<string>();
  readonly uid: string[] = [];
  /** Epoch seconds of the first record. */
  readonly ts: number[] = [];
  /**
   * Codes into `Flows.addresses`, `names`, `ja3`, `agents`,
   * `certificates`; −1 where unset.
   */
  readonly src: number[] = [];
  readonly dst: number[] = [];
  readonly origPort: number[] = [];
  readonly port: number[] = [];
  readonly name: number[] = [];
  readonly sensor: number[] = [];
  readonly ja3: number[] = [];
  readonly agent: number[] = [];
  readonly certificate: number[] = [];
  /**
   * Whom a proxy says it asks for (`proxied`), in `Flows.addresses`; −1 where
   * it says nothing, −2 where requests of one connection differ.
   */
  readonly client: number[] = [];
  readonly source: (NameSource | null)[] = [];
  /** Code in `Flows.said`: Host or SNI as the latest record writes it. */
  readonly said: number[] = [];
  readonly saidTs: number[] = [];
  /** Host or SNI was an address. */
  readonly literal: boolean[] = [];
  readonly tls: boolean[] = [];
  readonly established: boolean[] = [];
  readonly selfSigned: boolean[] = [];
  /** The certificate names the server asked for; it surely does not. */
  readonly certMatches: boolean[] = [];
  readonly certDiffers: boolean[] = [];
  /** The TLS name and the Host, or the proxy's target, lie in different domains. */
  readonly fronted: boolean[] = [];
  readonly requests: number[] = [];
  readonly missingHost: number[] = [];
  readonly posts: number[] = [];
  readonly referrers: number[] = [];
  readonly images: number[] = [];
  readonly blankAgents: number[] = [];
  /** Body bytes, sums over the requests. */
  readonly up: number[] = [];
  readonly down: number[] = [];
  /** Whether a conn record has claimed it. */
  readonly claimed: boolean[] = [];

  get length(): number {
    return this.uid.length;
  }

  /** The entry of a uid, made when it is new. */
  entry(
    uid: string,
    ts: number,
    src: number,
    dst: number,
    origPort: number,
    port: number,
    sensor: number,
  ): number {
    let a = this.index.get(uid);
    if (a !== undefined) {
      if (ts < this.ts[a]) this.ts[a] = ts;
      return a;
    }
    a = this.length;
    this.index.set(uid, a);
    this.uid.push(uid);
    this.ts.push(ts);
    this.src.push(src);
    this.dst.push(dst);
    this.origPort.push(origPort);
    this.port.push(port);
    this.sensor.push(sensor);
    for (
      const code of [
        this.name,
        this.ja3,
        this.agent,
        this.certificate,
        this.said,
        this.client,
      ]
    ) code.push(-1);
    this.saidTs.push(-Infinity);
    this.source.push(null);
    for (
      const flag of [
        this.literal,
        this.tls,
        this.established,
        this.selfSigned,
        this.certMatches,
        this.certDiffers,
        this.fronted,
        this.claimed,
      ]
    ) flag.push(false);
    for (
      const sum of [
        this.requests,
        this.missingHost,
        this.posts,
        this.referrers,
        this.images,
        this.blankAgents,
        this.up,
        this.down,
      ]
    ) sum.push(0);
    return a;
  }
}
