// @ts-check
// The law of this module: a copy of everything that is stored is fetched with the token, for a link cannot carry one, and
// handed to the browser as a file. Loaded when somebody asks for it.

import { API } from "./chat.js";
import { h, w } from "./view.js";

const KEPT_MS = 60_000; // a browser may ask where to put it

/** @param {import("./chat.js").Chat} chat */
export async function download(chat) {
  chat.status(w("web.status.moment"));
  const response = await fetch(`${API}/export`, { headers: chat.headers() }).catch(() => null);
  const file = response?.ok ? await response.blob().catch(() => null) : null; // a copy that breaks off is none
  if (response && [401, 410].includes(response.status)) return chat.gone(response.status);
  if (!file) return response ? chat.status(w("web.refused.title")) : chat.away();
  const href = URL.createObjectURL(file);
  h("a", { href, download: `${chat.model.now?.reference}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
  chat.status(w("web.export.done"));
}
