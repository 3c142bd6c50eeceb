// @ts-check
// The law of this module: the ways to choose a file, as elements. What was chosen is handed on; nothing is read or sent.

import { h, w } from "./view.js";

/** @param {Record<string, any>} limits of the question @param {(files: File[]) => void} add */
export function picker(limits, add) {
  const { accept = [], max_pages: pages = 20, max_bytes: bytes = 20 << 20 } = limits;
  const input = h("input", { type: "file", id: "f-file", multiple: true, accept: accept.join(","), hidden: true, "aria-labelledby": "waehlen" });
  const camera = h("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, "aria-labelledby": "aufnehmen" });
  for (const each of [input, camera]) {
    each.addEventListener("change", () => {
      add([...(each.files ?? [])]);
      each.value = "";
    });
  }
  const pick = h("button", { type: "button", id: "waehlen", class: "al-button al-button--primary", "aria-describedby": "datei-hinweis" }, w("web.file.pick"));
  const shoot = h("button", { type: "button", id: "aufnehmen", class: "al-button", "data-capture": true }, w("web.file.capture"));
  pick.addEventListener("click", () => input.click());
  shoot.addEventListener("click", () => camera.click());
  const touch = matchMedia("(any-pointer: coarse)").matches;
  return h("div", { id: "datei", class: "al-drop" }, pick, touch && shoot, input, touch && camera,
    h("p", { class: "al-example", id: "datei-hinweis" }, w("web.file.hint", { pages, megabytes: bytes >> 20 }), touch ? null : ` ${w("web.file.drop")}`));
}
