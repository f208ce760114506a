// Judges a manifest by Microsoft's own schema, offline: `node judge.mjs VERSION < manifest.json`, complaints as a JSON list out.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const need = createRequire(new URL("../conformance/node_modules/", import.meta.url));
const [version] = process.argv.slice(2);
const schema = need(`@microsoft/app-manifest/build/json-schemas/teams/v${version}/MicrosoftTeams.schema.json`);
const Ajv = need("ajv-draft-04");
const ajv = new (Ajv.default ?? Ajv)({ allErrors: true, strict: false, formats: { uri: true, email: true } });
const passes = ajv.compile(schema);
const manifest = JSON.parse(readFileSync(0, "utf8"));
passes(manifest);
process.stdout.write(JSON.stringify((passes.errors ?? []).map((one) => `${one.instancePath} ${one.message}`)));
