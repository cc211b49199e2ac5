import defer * as process from "node:process";

/**
 * node:zlib, once it is needed: it takes 15 ms and 10 MB to load, and
 * `import defer` does not put it off.
 */
export function zlib() {
  return process.getBuiltinModule("node:zlib");
}
