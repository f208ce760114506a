// Webhook subscriptions of a list.
import { pick } from "../shape.mjs";

const subscriptionsOf = (sp, a) => sp.web.lists.getByTitle(a.list).subscriptions;

export const hooks = {
  "hooks.add": async (sp, a) => pick(await subscriptionsOf(sp, a).add(a.url, a.until, a.state), a.select),
  "hooks.all": async (sp, a) => (await subscriptionsOf(sp, a)()).map((one) => pick(one, a.select)),
  "hooks.read": async (sp, a) => pick(await subscriptionsOf(sp, a).getById(a.id)(), a.select),
  "hooks.update": async (sp, a) => {
    await subscriptionsOf(sp, a).getById(a.id).update(a.until, a.url, a.state);
    return pick(await subscriptionsOf(sp, a).getById(a.id)(), a.select);
  },
  "hooks.delete": async (sp, a) => {
    await subscriptionsOf(sp, a).getById(a.id).delete();
    return (await subscriptionsOf(sp, a)()).length;
  },
};
