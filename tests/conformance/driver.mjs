// Does operations with PnPjs as it is told: one JSON object a line in, {"id", "do", "site", "token", "with"};
// one a line out, {"id", "value"}, {"id", "refused": {status, code, message}} or {"id", "failed": why}.
import { createInterface } from "node:readline";
import { operations } from "./operations/index.mjs";
import { open } from "./site.mjs";

// SharePoint's errors come in one of two envelopes.
async function refusal(error) {
  const read = await error.response.clone().json();
  const told = read["odata.error"] ?? read.error;
  const retryAfter = error.response.headers?.get("Retry-After") ?? "";
  return { status: error.status, code: told.code, message: told.message.value, retry_after: retryAfter };
}

async function outcome(asked) {
  const operation = operations[asked.do];
  if (operation === undefined) return { failed: `no operation ${asked.do}` };
  try {
    const value = await operation(open(asked.site, asked.token, asked.with.patient), asked.with);
    return { value: value ?? null };
  } catch (error) {
    if (error?.isHttpRequestError) return { refused: await refusal(error) };
    // fetch throws a bare TypeError for whatever happened to the connection.
    if (error instanceof TypeError && error.message === "fetch failed") return { failed: "no answer" };
    return { failed: `${error?.name}: ${error?.message}` };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: asked.id, ...(await outcome(asked)) })}\n`);
}
