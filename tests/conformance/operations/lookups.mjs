// Columns that look up another list, or hold several values; CAML; pages as a stream; form values.
import { pick, plain } from "../shape.mjs";

const listOf = (sp, a) => sp.web.lists.getByTitle(a.list);

export const lookups = {
  "fields.add_lookup": async (sp, a) =>
    pick(
      await listOf(sp, a).fields.addLookup(a.title, { LookupListId: a.target, LookupFieldName: "Title" }),
      a.select,
    ),
  "caml.items": async (sp, a) => (await listOf(sp, a).getItemsByCAMLQuery({ ViewXml: a.xml })).map((one) => pick(one, a.select)),
  "stream.rows": async (sp, a) =>
    (await listOf(sp, a).renderListDataAsStream({ ViewXml: a.xml })).Row.map((one) => pick(one, a.select)),
  "stream.next": async (sp, a) => (await listOf(sp, a).renderListDataAsStream({ ViewXml: a.xml })).NextHref.includes("Paged=TRUE"),
  "forms.update": async (sp, a) =>
    (await listOf(sp, a).items.getById(a.id).validateUpdateListItem(a.values)).map((one) => pick(one, a.select)),
  "forms.add": async (sp, a) =>
    (await listOf(sp, a).addValidateUpdateItemUsingPath(a.values, `/sites/mhrmb/Lists/${a.list}`)).map((one) => pick(one, a.select)),
  "items.texts": async (sp, a) => pick(await listOf(sp, a).items.getById(a.id).fieldValuesAsText(), a.select),
  "items.content_type": async (sp, a) =>
    plain((await listOf(sp, a).items.getById(a.id).select("ContentType/Name").expand("ContentType")()).ContentType),
  "lists.expand": async (sp, a) => plain((await listOf(sp, a).select(...a.select).expand(...a.expand)())[a.expand[0]]),
};
