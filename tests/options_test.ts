import assert from "node:assert/strict";
import {
  checkParams,
  flagOf,
  type Param,
  parseParam,
  rangeOf,
} from "../pipeline/options.ts";

const PARAMS = {
  nClusters: { kind: "integer", default: 20, min: 1, max: 1024, doc: "" },
  tol: { kind: "number", default: 0.5, min: 0, max: 1, doc: "" },
  eps: { kind: "number", default: 0.3, min: 0, max: 9, above: true, doc: "" },
  sizes: {
    kind: "integers",
    default: [5, 3],
    min: 1,
    max: 99,
    maxLength: 3,
    doc: "",
  },
  init: {
    kind: "choice",
    default: "random",
    values: ["random", "first"],
    doc: "",
  },
  warm: { kind: "boolean", default: false, doc: "" },
} as const;

type Name = keyof typeof PARAMS;

const check = (given: { readonly [K in Name]?: unknown }) =>
  checkParams("fit", PARAMS, given);

Deno.test("checkParams fills in defaults and freezes the values", () => {
  const values = check({});
  assert.deepEqual(values, {
    nClusters: 20,
    tol: 0.5,
    eps: 0.3,
    sizes: [5, 3],
    init: "random",
    warm: false,
  });
  assert.ok(Object.isFrozen(values));
  assert.equal(check({ tol: undefined }).tol, 0.5);
});

Deno.test("checkParams takes the ends of every range", () => {
  const good: [Name, unknown][] = [
    ["nClusters", 1],
    ["nClusters", 1024],
    ["tol", 0],
    ["tol", 1],
    ["eps", Number.MIN_VALUE],
    ["eps", 9],
    ["sizes", [1]],
    ["sizes", [99, 1, 99]],
    ["init", "first"],
    ["warm", true],
  ];
  for (const [name, value] of good) {
    assert.deepEqual(check({ [name]: value })[name], value);
  }
});

Deno.test("checkParams tells a value out of range from one of another kind", () => {
  const bad: [Name, unknown, new () => Error, string][] = [
    ["nClusters", 0, RangeError, "an integer in [1, 1024], got 0"],
    ["nClusters", 1025, RangeError, "an integer in [1, 1024], got 1025"],
    ["nClusters", 1.5, RangeError, "an integer in [1, 1024], got 1.5"],
    ["nClusters", "20", TypeError, 'an integer in [1, 1024], got "20"'],
    ["tol", -1, RangeError, "a number in [0, 1], got -1"],
    ["tol", NaN, RangeError, "a number in [0, 1], got NaN"],
    ["tol", Infinity, RangeError, "a number in [0, 1], got Infinity"],
    ["tol", true, TypeError, "a number in [0, 1], got true"],
    ["eps", 0, RangeError, "a number in (0, 9], got 0"],
    ["sizes", [], RangeError, "1 to 3 integers in [1, 99], got "],
    [
      "sizes",
      [1, 2, 3, 4],
      RangeError,
      "1 to 3 integers in [1, 99], got 1,2,3,4",
    ],
    ["sizes", [0], RangeError, "1 to 3 integers in [1, 99], got 0"],
    ["sizes", [1.5], RangeError, "1 to 3 integers in [1, 99], got 1.5"],
    ["sizes", 5, TypeError, "1 to 3 integers in [1, 99], got 5"],
    ["init", "best", RangeError, 'one of random, first, got "best"'],
    ["init", 3, TypeError, "one of random, first, got 3"],
    ["warm", "yes", TypeError, 'true or false, got "yes"'],
  ];
  for (const [name, value, kind, must] of bad) {
    assert.throws(() => check({ [name]: value }), {
      name: kind.name,
      message: `Cannot fit: ${name} must be ${must}`,
    });
  }
});

Deno.test("checkParams names the parameters that there are when one is not known", () => {
  for (const name of ["clusters", "toString", "__proto__"]) {
    const given = Object.fromEntries([[name, 1]]) as Record<string, unknown>;
    assert.throws(() => check(given), {
      name: "TypeError",
      message: `Cannot fit: no parameter is called ${name}; ` +
        "there are nClusters, tol, eps, sizes, init, warm",
    });
  }
});

Deno.test("parseParam gives what checkParams takes, and keeps the text that it cannot read", () => {
  const read: [Param, string, unknown][] = [
    [PARAMS.nClusters, "12", 12],
    [PARAMS.nClusters, "many", "many"],
    [PARAMS.nClusters, "", ""],
    [PARAMS.tol, "1e-4", 1e-4],
    [PARAMS.sizes, "5, 3", [5, 3]],
    [PARAMS.sizes, "5,,3", [5, NaN, 3]],
    [PARAMS.init, "first", "first"],
    [PARAMS.warm, "true", true],
    [PARAMS.warm, "false", false],
    [PARAMS.warm, "on", "on"],
  ];
  for (const [param, text, value] of read) {
    assert.deepEqual(parseParam(param, text), value, text);
  }
  assert.throws(
    () => check({ nClusters: parseParam(PARAMS.nClusters, "many") }),
    /got "many"/,
  );
});

Deno.test("flagOf and rangeOf spell a parameter's name and range", () => {
  assert.equal(flagOf("hiddenLayerSizes"), "hidden-layer-sizes");
  assert.equal(flagOf("eps"), "eps");
  assert.equal(rangeOf(PARAMS.eps), "(0, 9]");
  assert.equal(rangeOf(PARAMS.sizes), "[1, 99]");
});
