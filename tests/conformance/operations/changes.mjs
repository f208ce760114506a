// What changed since a token.
import { pick } from "../shape.mjs";

const query = (a) => ({ ...a.query, ChangeTokenStart: { StringValue: a.token } });

export const changes = {
  "changes.list": async (sp, a) =>
    (await sp.web.lists.getByTitle(a.list).getChanges(query(a))).map((one) => pick(one, a.select)),
  "changes.web": async (sp, a) => (await sp.web.getChanges(query(a))).map((one) => pick(one, a.select)),
  "changes.site": async (sp, a) => (await sp.site.getChanges(query(a))).map((one) => pick(one, a.select)),
};
