// Items one by one.
import { etag, pick } from "../shape.mjs";

const itemsOf = (sp, a) => sp.web.lists.getByTitle(a.list).items;
const itemOf = (sp, a) => itemsOf(sp, a).getById(a.id);

export const items = {
  "items.add": async (sp, a) => pick(await itemsOf(sp, a).add(a.values), a.select),
  "items.add_etag": async (sp, a) => etag(await itemsOf(sp, a).add(a.values)),
  "items.read": async (sp, a) => {
    const item = itemOf(sp, a).select(...a.select);
    return pick(await (a.expand ? item.expand(...a.expand) : item)(), a.select.map((name) => name.split("/")[0]));
  },
  "items.read_etag": async (sp, a) => etag(await itemOf(sp, a)()),
  "items.update": async (sp, a) => (await itemOf(sp, a).update(a.values, a.etag ?? "*")).etag,
  "items.delete": async (sp, a) => {
    await itemOf(sp, a).delete(a.etag ?? "*");
  },
  "items.recycle": async (sp, a) => {
    const told = await itemOf(sp, a).recycle();
    return told.Recycle ?? told;
  },
  "items.versions": async (sp, a) =>
    (await itemOf(sp, a).versions.select(...a.select)()).map((one) => pick(one, a.select)),
  "items.version": async (sp, a) =>
    pick(await itemOf(sp, a).versions.getById(a.version).select(...a.select)(), a.select),
};
