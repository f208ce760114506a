// The site and its lists.
import { etag, pick } from "../shape.mjs";

export const lists = {
  "web.read": async (sp, a) => pick(await sp.web.select(...a.select)(), a.select),
  "context.info": async (sp, a) => pick(await sp.web.getContextInfo(), a.select),
  "lists.add": async (sp, a) => pick(await sp.web.lists.add(a.title, a.description, 100), a.select),
  "lists.read": async (sp, a) => pick(await sp.web.lists.getByTitle(a.list).select(...a.select)(), a.select),
  "lists.by_id": async (sp, a) => pick(await sp.web.lists.getById(a.id).select(...a.select)(), a.select),
  "lists.filter": async (sp, a) =>
    (await sp.web.lists.filter(a.filter).select(...a.select)()).map((one) => pick(one, a.select)),
  "lists.update": async (sp, a) => {
    await sp.web.lists.getByTitle(a.list).update(a.values, a.etag);
  },
  "lists.delete": async (sp, a) => {
    await sp.web.lists.getByTitle(a.list).delete();
  },
  "lists.etag": async (sp, a) => etag(await sp.web.lists.getByTitle(a.list)()) !== null,
};
