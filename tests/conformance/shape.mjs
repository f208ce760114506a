// What is left of an answer before it is compared: the named properties, nothing as null.
export function pick(thing, names) {
  return Object.fromEntries(names.map((name) => [name, plain(thing[name])]));
}

// Verbose JSON wraps a collection in `results` and an ETag in `__metadata`; both clients are compared without.
export function plain(value) {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object") return value;
  if (Array.isArray(value.results)) return value.results.map(plain);
  const kept = Object.entries(value).filter(([name]) => name !== "__metadata" && !name.startsWith("odata."));
  return Object.fromEntries(kept.map(([name, inner]) => [name, plain(inner)]));
}

export const etag = (thing) => thing["odata.etag"] ?? thing.__metadata?.etag ?? null;
