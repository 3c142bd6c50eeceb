// @ts-check
// The law of this module: a copy of everything that is stored, and a receipt, are fetched with the token, for a link
// cannot carry one, and handed to the browser as a file. Loaded when somebody asks for it.

import { API } from "./chat.js";
import { h, w } from "./view.js";

const KEPT_MS = 60_000; // a browser may ask where to put it

/** @param {import("./chat.js").Chat} chat @param {string} path  of the page without a script: /chat/export, /chat/receipt/1.jws */
export async function download(chat, path = "/chat/export") {
  chat.status(w("web.status.moment"));
  const [, n, signed] = /^\/chat\/receipt\/(\d+)(\.jws)?$/.exec(path) ?? [];
  const from = n ? `${API}/submissions/${n}/receipt` : `${API}/export`;
  const wanted = /** @type {Record<string, string>} */ (n ? { accept: signed ? "application/jose" : "application/pdf" } : {});
  const response = await fetch(from, { headers: { ...chat.headers(), ...wanted } }).catch(() => null);
  const file = response?.ok ? await response.blob().catch(() => null) : null; // a copy that breaks off is none
  if (response && [401, 410].includes(response.status)) return chat.gone(response.status);
  if (!file) return response ? chat.status(w("web.refused.title")) : chat.away();
  const href = URL.createObjectURL(file);
  h("a", { href, download: `${chat.model.now?.reference}${n ? `-${n}${signed ?? ".pdf"}` : ".zip"}` }).click();
  setTimeout(() => URL.revokeObjectURL(href), KEPT_MS);
  chat.status(w("web.export.done"));
}
