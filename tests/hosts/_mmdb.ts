/** Writes small MaxMind DB files, by the specification and not by our reader. */

type Value = string | number | boolean | readonly Value[] | {
  readonly [key: string]: Value;
};

const utf8 = new TextEncoder();

/** Types above 7 take a byte more, after the control byte of type 0. */
function control(type: number, size: number): number[] {
  const told = size < 29 ? size : size < 285 ? 29 : 30;
  const rest = size < 29
    ? []
    : size < 285
    ? [size - 29]
    : [(size - 285) >> 8, (size - 285) & 255];
  return type <= 7 ? [type << 5 | told, ...rest] : [told, type - 7, ...rest];
}

function bigEndian(value: number): number[] {
  const bytes: number[] = [];
  for (let v = value; v > 0; v = Math.floor(v / 256)) bytes.unshift(v % 256);
  return bytes;
}

export function encode(value: Value): number[] {
  if (typeof value === "string") {
    const bytes = utf8.encode(value);
    return [...control(2, bytes.length), ...bytes];
  }
  if (typeof value === "boolean") return control(14, Number(value));
  if (typeof value === "number") {
    const bytes = bigEndian(value);
    return [...control(bytes.length > 4 ? 9 : 6, bytes.length), ...bytes];
  }
  if (Array.isArray(value)) {
    return [...control(11, value.length), ...value.flatMap(encode)];
  }
  const entries = Object.entries(value);
  return [
    ...control(7, entries.length),
    ...entries.flatMap(([key, one]) => [...encode(key), ...encode(one)]),
  ];
}

interface Node {
  sides: (Node | { readonly offset: number } | null)[];
}

/**
 * @param networks by bits, as "11000000" for 192.0.0.0/8 in a tree of IPv4.
 * @param recordSize 24, 28 or 32.
 */
export function mmdbOf(
  networks: Readonly<Record<string, Value>>,
  { recordSize = 24, ipVersion = 4, buildEpoch = 1.7e9 } = {},
): Uint8Array {
  const root: Node = { sides: [null, null] };
  const data: number[] = [];
  for (const [bits, value] of Object.entries(networks)) {
    const at = data.length;
    data.push(...encode(value));
    let node = root;
    for (const bit of bits.slice(0, -1)) {
      node = (node.sides[Number(bit)] ??= { sides: [null, null] }) as Node;
    }
    node.sides[Number(bits.at(-1))] = { offset: at };
  }
  const nodes: Node[] = [root];
  for (const node of nodes) {
    for (const side of node.sides) {
      if (side && "sides" in side) nodes.push(side);
    }
  }
  const target = (side: Node["sides"][0]) =>
    side === null
      ? nodes.length
      : "sides" in side
      ? nodes.indexOf(side)
      : nodes.length + 16 + side.offset;
  const tree = nodes.flatMap(({ sides: [left, right] }) =>
    record(target(left), target(right), recordSize)
  );
  const metadata = encode({
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: buildEpoch,
    database_type: "Test-ASN",
    ip_version: ipVersion,
    node_count: nodes.length,
    record_size: recordSize,
  });
  return Uint8Array.from([
    ...tree,
    ...new Array<number>(16).fill(0),
    ...data,
    ...[0xab, 0xcd, 0xef],
    ...utf8.encode("MaxMind.com"),
    ...metadata,
  ]);
}

function record(left: number, right: number, size: number): number[] {
  const bytes = (value: number, n: number) =>
    Array.from({ length: n }, (_, i) => value / 256 ** (n - 1 - i) & 255);
  if (size === 24) return [...bytes(left, 3), ...bytes(right, 3)];
  if (size === 32) return [...bytes(left, 4), ...bytes(right, 4)];
  const middle = (left >> 24 & 15) << 4 | (right >> 24 & 15);
  return [...bytes(left & 0xffffff, 3), middle, ...bytes(right & 0xffffff, 3)];
}

/** The bits of a network of IPv4, behind 96 zeros in a tree of IPv6. */
export function bitsOf(network: string, inIpv6 = false): string {
  const [address, prefix] = network.split("/");
  const bits = address.split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0")).join("");
  return (inIpv6 ? "0".repeat(96) : "") + bits.slice(0, Number(prefix));
}
