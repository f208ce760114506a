// $batch. PnPjs cuts batches at 20 operations unless told otherwise, and wants a fresh object for each operation.
import { pick } from "../shape.mjs";

const settled = async (promises) =>
  (await Promise.allSettled(promises)).map((one) => (one.status === "fulfilled" ? "done" : one.reason.status));

export const batches = {
  "batch.add": async (sp, a) => {
    const [batched, execute] = sp.batched({ maxRequests: a.most });
    const list = batched.web.lists.getByTitle(a.list);
    const added = settled(a.rows.map((row) => list.items.add(row)));
    await execute();
    return added;
  },
  "batch.read": async (sp, a) => {
    const [batched, execute] = sp.batched({ maxRequests: a.most });
    const list = batched.web.lists.getByTitle(a.list);
    const read = Promise.all(a.ids.map((id) => list.items.getById(id).select(...a.select)()));
    await execute();
    return (await read).map((one) => pick(one, a.select));
  },
  "batch.refused": async (sp, a) => (await batches["batch.add"](sp, a)).filter((one) => one !== "done"),
};
