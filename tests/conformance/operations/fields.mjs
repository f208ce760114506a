// Columns of a list.
import { pick } from "../shape.mjs";

const fieldsOf = (sp, a) => sp.web.lists.getByTitle(a.list).fields;

const add = {
  boolean: (fields, a) => fields.addBoolean(a.title, a.values),
  choice: (fields, a) => fields.addChoice(a.title, a.values),
  date: (fields, a) => fields.addDateTime(a.title, a.values),
  lookup: (fields, a) => fields.addLookup(a.title, a.values),
  multichoice: (fields, a) => fields.addMultiChoice(a.title, a.values),
  note: (fields, a) => fields.addMultilineText(a.title, a.values),
  number: (fields, a) => fields.addNumber(a.title, a.values),
  text: (fields, a) => fields.addText(a.title, a.values),
  user: (fields, a) => fields.addUser(a.title, a.values),
};

export const fields = {
  "fields.add": async (sp, a) => pick(await add[a.kind](fieldsOf(sp, a), a), a.select),
  "fields.xml": async (sp, a) => pick(await fieldsOf(sp, a).createFieldAsXml(a.xml), a.select),
  "fields.filter": async (sp, a) =>
    (await fieldsOf(sp, a).filter(a.filter).select(...a.select)()).map((one) => pick(one, a.select)),
  "fields.read": async (sp, a) =>
    pick(await fieldsOf(sp, a).getByInternalNameOrTitle(a.name).select(...a.select)(), a.select),
  "fields.update": async (sp, a) => {
    await fieldsOf(sp, a).getByInternalNameOrTitle(a.name).update(a.values);
  },
  "fields.delete": async (sp, a) => {
    await fieldsOf(sp, a).getByInternalNameOrTitle(a.name).delete();
  },
};
