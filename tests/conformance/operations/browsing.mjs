// What list and library pages ask: with what hangs on it, in one request.
import { pick, plain } from "../shape.mjs";

const listOf = (sp, a) => sp.web.lists.getByTitle(a.list);
const folderOf = (sp, a) => sp.web.getFolderByServerRelativePath(a.folder);

function asked(query, a) {
  if (a.filter) query.filter(a.filter);
  if (a.orderby) query.orderBy(a.orderby, a.ascending ?? true);
  if (a.expand) query.expand(...a.expand);
  return query.select(...a.select);
}

const heads = (a) => [...new Set(a.select.map((name) => name.split("/")[0]))];
const many = async (query, a) => (await asked(query, a)()).map((one) => pick(one, heads(a)));

export const browsing = {
  "browse.lists": async (sp, a) => many(sp.web.lists, a),
  "browse.list": async (sp, a) => pick(await asked(listOf(sp, a), a)(), heads(a)),
  "browse.list_at": async (sp, a) => pick(await asked(sp.web.getList(a.address), a)(), heads(a)),
  "browse.fields": async (sp, a) => many(listOf(sp, a).fields, a),
  "browse.items": async (sp, a) => many(listOf(sp, a).items, a),
  "browse.item_list": async (sp, a) => pick(await asked(listOf(sp, a).items.getById(a.id).list, a)(), heads(a)),
  "browse.files": async (sp, a) => many(folderOf(sp, a).files, a),
  "browse.folder": async (sp, a) => {
    const told = await folderOf(sp, a).expand("Files", "Folders")();
    const names = (found) => found.map((one) => one.Name).filter((name) => name !== "Forms");
    return { files: names(told.Files), folders: names(told.Folders) };
  },
  "browse.built_filter": async (sp, a) =>
    plain(
      await listOf(sp, a)
        .items.filter((f) => f.or(f.text("Title").equals(a.title), f.number("Score").greaterThan(1)))
        .select("Id")(),
    ).map((one) => one.Id),
  "browse.ensure": async (sp, a) => {
    const first = await sp.web.lists.ensure(a.title);
    const second = await sp.web.lists.ensure(a.title);
    return [first.created, second.created];
  },
};
