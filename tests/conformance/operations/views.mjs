// Views of a list, and how a column looks in its forms.
import { pick } from "../shape.mjs";

const viewsOf = (sp, a) => sp.web.lists.getByTitle(a.list).views;
const viewOf = (sp, a) => viewsOf(sp, a).getByTitle(a.title);
const shownBy = async (view) => (await view.fields()).Items;

export const views = {
  "views.all": async (sp, a) => (await viewsOf(sp, a).select(...a.select)()).map((one) => pick(one, a.select)),
  "views.default": async (sp, a) =>
    pick(await sp.web.lists.getByTitle(a.list).defaultView.select(...a.select)(), a.select),
  "views.by_id": async (sp, a) => pick(await sp.web.lists.getByTitle(a.list).getView(a.id).select(...a.select)(), a.select),
  "views.add": async (sp, a) => pick(await viewsOf(sp, a).add(a.title, false, a.values), a.select),
  "views.read": async (sp, a) => pick(await viewOf(sp, a).select(...a.select)(), a.select),
  "views.fields": async (sp, a) => shownBy(viewOf(sp, a)),
  "views.update": async (sp, a) => {
    await viewOf(sp, a).update(a.values);
  },
  "views.delete": async (sp, a) => {
    await viewOf(sp, a).delete();
  },
  "views.set_xml": async (sp, a) => {
    await viewOf(sp, a).setViewXml(a.xml);
  },
  "views.add_field": async (sp, a) => {
    await viewOf(sp, a).fields.add(a.field);
    return shownBy(viewOf(sp, a));
  },
  "views.remove_field": async (sp, a) => {
    await viewOf(sp, a).fields.remove(a.field);
    return shownBy(viewOf(sp, a));
  },
  "views.move_field": async (sp, a) => {
    await viewOf(sp, a).fields.move(a.field, a.index);
    return shownBy(viewOf(sp, a));
  },
  "views.remove_all_fields": async (sp, a) => {
    await viewOf(sp, a).fields.removeAll();
    return shownBy(viewOf(sp, a));
  },
  "fields.hide_in_forms": async (sp, a) => {
    const field = () => sp.web.lists.getByTitle(a.list).fields.getByInternalNameOrTitle(a.name);
    await field().setShowInNewForm(false);
    await field().setShowInEditForm(false);
    await field().setShowInDisplayForm(false);
    return (await field().select("SchemaXml")()).SchemaXml.match(/ShowIn(New|Edit|Display)Form="FALSE"/g).length;
  },
};
