import { addressBytes } from "../address.ts";

/** What one site usually has: a /16 of IPv4, a /48 of IPv6. */
export function siteNetwork(address: string): string {
  return address.includes(":")
    ? address.split(":").slice(0, 3).join(":")
    : address.split(".").slice(0, 2).join(".");
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one. */
export function blockOf(address: string): string {
  if (!address.includes(":")) {
    return address.slice(0, address.lastIndexOf(".")) + "/24";
  }
  const bytes = addressBytes(address);
  return bytes ? bytes.subarray(0, 8).join(".") + "/64" : address;
}
