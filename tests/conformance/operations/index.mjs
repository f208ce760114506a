// Every operation by its name; the Python client's are in ../office under the same names.
import { batches } from "./batches.mjs";
import { browsing } from "./browsing.mjs";
import { changes } from "./changes.mjs";
import { fields } from "./fields.mjs";
import { hooks } from "./hooks.mjs";
import { items } from "./items.mjs";
import { libraries } from "./libraries.mjs";
import { lists } from "./lists.mjs";
import { lookups } from "./lookups.mjs";
import { people } from "./people.mjs";
import { queries } from "./queries.mjs";
import { views } from "./views.mjs";

export const operations = {
  ...batches,
  ...browsing,
  ...changes,
  ...fields,
  ...hooks,
  ...items,
  ...libraries,
  ...lists,
  ...lookups,
  ...people,
  ...queries,
  ...views,
};
