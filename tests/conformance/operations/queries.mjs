// Many items at a time: filter, order, pages.
import { pick } from "../shape.mjs";

// `query` is PnPjs's own map of the query string, for what its methods would not send as it stands.
function asked(sp, a) {
  const found = sp.web.lists.getByTitle(a.list).items;
  if (a.select) found.select(...a.select);
  if (a.expand) found.expand(...a.expand);
  if (a.filter) found.filter(a.filter);
  if (a.orderby) found.orderBy(a.orderby, a.ascending ?? true);
  if (a.top !== undefined) found.top(a.top);
  for (const [name, value] of Object.entries(a.options ?? {})) found.query.set(name, value);
  return found;
}

const heads = (a) => a.select.map((name) => name.split("/")[0]);

export const queries = {
  "items.page": async (sp, a) => (await asked(sp, a)()).map((one) => pick(one, heads(a))),
  "items.count": async (sp, a) => (await asked(sp, a)()).length,
  "items.pages": async (sp, a) => {
    const pages = [];
    for await (const page of asked(sp, a)) pages.push(page.map((one) => one[a.select[0]]));
    return pages;
  },
  "items.order_by": async (sp, a) =>
    (await sp.web.lists.getByTitle(a.list).items.orderBy(a.orderby, false)()).map((one) => one.Id),
};
