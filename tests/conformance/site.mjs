// The embedded site as PnPjs sees it: the platform's own fetch and a bearer header that we put in.
import { BearerToken, BrowserFetch, BrowserFetchWithRetry, DefaultParse } from "@pnp/queryable";
import { DefaultHeaders, DefaultInit, spfi } from "@pnp/sp";
import "@pnp/sp/attachments/index.js";
import "@pnp/sp/batching.js";
import "@pnp/sp/context-info/index.js";
import "@pnp/sp/fields/index.js";
import "@pnp/sp/files/index.js";
import "@pnp/sp/folders/index.js";
import "@pnp/sp/items/index.js";
import "@pnp/sp/lists/index.js";
import "@pnp/sp/recycle-bin/index.js";
import "@pnp/sp/security/index.js";
import "@pnp/sp/site-groups/index.js";
import "@pnp/sp/site-users/index.js";
import "@pnp/sp/sites/index.js";
import "@pnp/sp/subscriptions/index.js";
import "@pnp/sp/views/index.js";
import "@pnp/sp/webs/index.js";

// PnPjs retries by itself when it is asked to; the table shows what the server said, so it is asked to in one row only.
export function open(url, token, patient = false) {
  return spfi(url).using(
    DefaultHeaders(),
    DefaultInit(),
    patient ? BrowserFetchWithRetry() : BrowserFetch(),
    DefaultParse(),
    BearerToken(token),
  );
}
