import { Column } from "./column.ts";
import type { Pager } from "./pager.ts";
import { UidColumn } from "./uid_column.ts";

/** What is known of each connection, column by column. */
export class FlowColumns {
  /** One value per connection. Times in epoch seconds, durations in seconds. */
  readonly ts: Column;
  readonly duration: Column;
  /** Bytes source → destination and back; NaN where the logs do not say. */
  readonly up: Column;
  readonly down: Column;
  /** Codes; −1 where unset. */
  readonly src: Column;
  readonly dst: Column;
  readonly proto: Column;
  readonly sensor: Column;
  /** NaN where unset. */
  readonly origPort: Column;
  readonly port: Column;
  /** Bits of {@link FLOW}. */
  readonly flags: Column;
  /** Entry in `applications`, or −1. */
  readonly application: Column;
  uid: UidColumn;
  /** All of these but `uid`. */
  readonly columns: readonly Column[];

  /** @param pager where columns go that do not fit into memory. */
  constructor(pager?: Pager) {
    const measure = () => new Column({ pager });
    const code = () => new Column({ unset: -1, pager });
    this.columns = [
      this.ts = new Column({ parts: 1e6, pager }),
      this.duration = new Column({ parts: 1e6, pager }),
      this.up = measure(),
      this.down = measure(),
      this.src = code(),
      this.dst = code(),
      this.proto = code(),
      this.sensor = code(),
      this.origPort = measure(),
      this.port = measure(),
      this.flags = measure(),
      this.application = code(),
    ];
    this.uid = new UidColumn(pager);
  }

  get length(): number {
    return this.ts.length;
  }
}
