// @ts-check
// The law of this module: it makes elements from what is known, by docs/page.md, and changes nothing that it did not
// make. Text goes in as text. It asks nobody.

import { fieldOf, filledIn, slipOf } from "./core.js";

/** @typedef {import("./types").Question} Question */
/** @typedef {import("./types").Action} Action */
/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Summary} Summary */
/** @typedef {Node | string | null | undefined | false} Child */

/** @type {Record<string, string>} */
let words = {};
/** @param {Record<string, string>} all the page's words by their places */
export const speak = (all) => void (words = all);
/** A word of the page; the place itself where it is missing. @param {string} place */
export const w = (place, values = {}) => filledIn(words[place] ?? place, values);

/**
 * One element. Properties are attributes; true is an empty one; false, null, undefined are none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(.../** @type {(Node | string)[]} */ (children.flat().filter((child) => child || child === "")));
  return made;
}

/** @param {string} label @param {Record<string, any>} props */
const button = (label, props) => h("button", { type: "submit", class: "al-button", ...props }, label);
/** @param {string} label @param {Record<string, any>} [props] */
export const primary = (label, props) => button(label, { class: "al-button al-button--primary", ...props });

// -- history --------------------------------------------------------------------------------------------------------

const SENDERS = ["bot", "applicant", "helper", "staff", "agency"];

/** @param {string} from */
const known = (from) => (SENDERS.includes(from) ? from : "system");
/** @param {string} from */
const side = (from) => (from === "helper" ? "applicant" : known(from));
/** The sender as history and announcement name it. @param {string} from */
export const sender = (from) => w(`web.sender.${known(from)}`);

/** @param {Message} message */
function messageOf({ key, from, kind, text }) {
  const variant = kind === "problem" || kind === "pending" ? ` al-message--${kind}` : "";
  return h("li", { class: `al-message al-message--${side(from)}${variant}`, "data-key": key },
    h("span", { class: "al-sender" }, `${sender(from)}:`), " ", h("p", { class: "al-text" }, text),
    kind === "pending" && h("p", { class: "al-pending" }, w("web.status.sending")));
}

/** Brings a list of messages up to date; what stands there already is left alone. @param {HTMLElement} list
 * @param {Message[]} messages */
export function tellHistory(list, messages) {
  const there = new Map([...list.children].map((item) => [item.getAttribute("data-key"), item]));
  const wanted = messages.map((message) => there.get(message.key) ?? messageOf(message));
  for (const item of [...list.children]) if (!wanted.includes(item)) item.remove();
  wanted.forEach((item, place) => list.children[place] !== item && list.insertBefore(item, list.children[place] ?? null));
}

// -- the open question -----------------------------------------------------------------------------------------------

const NUMERIC = new Set(["whole_number", "year", "postal_code", "tax_number", "tax_id", "municipality"]);
const DECIMAL = new Set(["decimal", "percent", "hours", "money"]);

/** @param {string} topic  a kind, or a part of one */
function inputMode(topic) {
  if (NUMERIC.has(topic)) return "numeric";
  if (DECIMAL.has(topic)) return "decimal";
  return topic === "phone" ? "tel" : topic === "email" ? "email" : "text";
}

/** What a browser may fill in; a row is about somebody else. @type {Record<string, string>} */
const FILLED = {
  given: "given-name", family: "family-name", street: "address-line1", house_number: "address-line2",
  postal_code: "postal-code", city: "address-level2", email: "email", phone: "tel",
};

/** @param {Question} question @param {string} topic */
const autocomplete = (question, topic) =>
  (question.row || question.kind === "register" ? "off" : FILLED[topic] ?? "off");

/** The task for an open question. @param {Model} model @param {Child} fold  the review above a declaration @returns {Child[]} */
export function questionTask(model, fold) {
  const { actions, phase, position, question: open, reference, submissions } = /** @type {State} */ (model.now);
  const question = /** @type {Question} */ (open);
  const slip = slipOf(model);
  const atField = slip !== "" && !["buttons", "evidence"].includes(fieldOf(question).as);
  const isSent = submissions.length > 0 && ["sending", "submitted"].includes(phase);
  const refused = question.task && submissions.at(-1)?.state === "rejected";
  return [
    ...(isSent || refused ? [h("div", { class: "al-note" },
      h("p", null, h("strong", null, `${sent(submissions)}.`), ` ${w("web.done.number")}: `, h("strong", null, reference)),
      h("p", null, w(refused ? "web.done.look_again" : "web.done.still")))]
      : position ? [h("p", { class: "al-position" }, w("core.section", { number: position.number, total: position.of, title: position.title })),
        h("progress", { class: "al-progress", value: position.number, max: position.of, "aria-label": w("web.progress") })] : []),
    question.row && h("p", { class: "al-row" }, question.row.title),
    slip !== "" && !atField && problemBox(slip),
    h("h2", { id: "frage", tabindex: "-1" }, question.text),
    question.why && h("p", { class: "al-why" }, question.why),
    question.sensitive && h("p", { class: "al-why" }, w("web.page.sensitive")),
    question.because && !question.proposals && question.because !== slip && h("div", { class: "al-note" }, h("p", null, question.because)),
    question.help && h("details", { class: "al-help" }, h("summary", null, w("web.help")), h("p", null, question.help)),
    question.example && h("p", { class: "al-example", id: "beispiel" }, w("web.example", { example: question.example })),
    fold, fieldOf(question).as === "evidence" && h("div", { id: "belege" }),
    offers(question, actions),
    h("form", { id: "antwort", class: "al-form", novalidate: true },
      atField && h("p", { class: "al-problem", id: "fehler" }, w("web.problem", { problem: slip })), field(question, atField)),
    ways(actions), isSent && copy(submissions),
  ];
}

/** @param {State["submissions"]} [sent] */
export const copy = (sent = []) => h("p", { class: "al-copy" }, [...sent.filter(({ receipt }) => receipt)
  .map(({ n }) => [`receipt/${n}`, w("web.receipt.pdf", { n })]), ["export", w("web.export.link")]]
  .map(([path, label]) => h("a", { class: "al-button", href: `/chat/${path}` }, label)));

/** @param {State["submissions"]} submissions */
export function sent(submissions) {
  const state = submissions.at(-1)?.state ?? "";
  return w(`web.done.${/^(prep|rej|deli|acc)/.test(state) ? state : "sending"}`);
}

/** @param {string} slip */
export const problemBox = (slip) =>
  h("div", { class: "al-problem", id: "fehler", tabindex: "-1" }, h("p", null, w("web.problem", { problem: slip })));

/** A button that answers. @param {any} value @param {string} label @param {string} [hint] */
const choice = (value, label, hint) =>
  h("button", { class: "al-choice", type: "submit", name: "value", value: JSON.stringify(value) }, label, hintOf(hint));
/** @param {string} [hint] @returns {Child[]} */
const hintOf = (hint) => (hint ? [" ", h("span", { class: "al-choice-hint" }, hint)] : []);

/** What can be taken over. A form of its own: the Enter key in a field sends what was typed. @param {Question} question @param {Action[]} actions */
function offers(question, actions) {
  const act = (/** @type {string} */ name) => actions.filter((action) => action.name === name).map(actionButton);
  const { proposals, old_text: old, suggestion, suggestion_text: suggested = "" } = question;
  const groups = [
    proposals && h("div", { class: "al-offers", role: "group", "aria-labelledby": "gemeint" },
      h("p", { class: "al-offer-label", id: "gemeint" }, question.because || w("web.did_you_mean")),
      proposals.map(({ value, label }) => choice(value, label)), act("decline")),
    (old || act("keep").length > 0) && h("div", { class: "al-offers" }, old && h("p", { class: "al-old" }, w("core.old_answer", { old })), act("keep")),
    suggestion !== undefined && h("div", { class: "al-offers" }, h("p", { class: "al-suggestion" }, w("core.suggestion", { suggestion: suggested })),
      choice(suggestion, w("core.take_suggestion"))),
  ].filter(Boolean);
  return groups.length > 0 && h("form", { id: "angebote", class: "al-form" }, groups);
}

/** The field of a question, by its kind. @param {Question} question @param {boolean} wrong @returns {Child[]} */
function field(question, wrong) {
  const { as, parts } = fieldOf(question);
  const choices = question.choices ?? [];
  if (as === "buttons") {
    return [h("div", { class: "al-choices", role: "group", "aria-labelledby": "frage" }, choices.map((each) => choice(each.value, each.label, each.hint)))];
  }
  if (as === "evidence") {
    return [h("div", { id: "fertig" }), ...choices.map(({ value, label }) => button(label, { name: "value", value: JSON.stringify(value) }))];
  }
  const before = question.old ?? question.suggestion;
  const tied = [question.example && "beispiel", wrong && "fehler"].filter(Boolean).join(" ") || null;
  const invalid = wrong ? "true" : null;
  const send = primary(w("web.send"));
  if (as === "radios" || as === "checks") {
    const [type, name] = as === "radios" ? ["radio", "value"] : ["checkbox", "pick"];
    const ticked = (/** @type {any} */ value) => (as === "checks" && Array.isArray(before) ? before.includes(value) : before === value);
    return [h("fieldset", { class: "al-options", "aria-describedby": tied }, h("legend", { class: "al-hidden" }, question.text),
      choices.map(({ value, label, hint }, at) => h("div", { class: "al-option" },
        h("input", { type, id: `w-${at + 1}`, name, value: JSON.stringify(value), checked: ticked(value), "aria-invalid": invalid }), " ",
        h("label", { for: `w-${at + 1}` }, label, hintOf(hint))))), send];
  }
  const common = { class: "al-input", "aria-describedby": tied, "aria-invalid": invalid, maxlength: question.limits?.max_length ?? 4000 };
  if (as === "parts" || as === "range") {
    return [h("fieldset", { class: "al-parts" }, h("legend", { class: "al-hidden" }, question.text), parts.map((part) =>
      h("div", { class: `al-field al-field--f-${part}` }, h("label", { for: `f-${part}` }, w(`web.part.${part}`)),
        h("input", { ...common, type: "text", id: `f-${part}`, name: as === "parts" ? `value.${part}` : part, value: as === "parts" ? before?.[part] : null,
          inputmode: inputMode(part), autocomplete: autocomplete(question, part) })))), send];
  }
  const own = { ...common, id: "f-text", name: "text", "aria-labelledby": "frage" };
  const old = typeof before === "string" && ["short_text", "long_text"].includes(question.kind) ? before : "";
  if (as === "area") return [h("textarea", { ...own, rows: 6 }, old), send];
  return [h("input", { ...own, type: "text", value: old, inputmode: inputMode(question.kind), autocomplete: autocomplete(question, question.kind) }), send];
}

// -- actions ----------------------------------------------------------------------------------------------------------

/** Actions that have a place of their own on the page. */
const ELSEWHERE = new Set(["help", "pause", "erase", "language", "submit", "send_addition", "start", "apply_anyway", "keep",
  "correct", "resume", "new_case", "decline"]);
const FIRST = ["unsure", "skip"];
const ROWS = ["add_row", "remove_row"];

/** An action as its button sends it. @param {Action} action */
export const named = ({ name, target }) => (target ? `${name} ${target}` : name);

/** One action's button; with a text to confirm first, folded. @param {Action} action */
export function actionButton(action) {
  const value = named(action);
  if (!action.asks) return button(action.label, { name: "action", value });
  return h("details", { class: "al-confirm" }, h("summary", { class: "al-button" }, action.label), h("p", null, action.asks),
    button(action.label, { class: "al-button al-button--danger", name: "action", value }));
}

/** Everything else that may be done now, the nearest first. @param {Action[]} actions */
export function ways(actions) {
  const shown = actions.filter(({ name }) => !ELSEWHERE.has(name));
  const rows = shown.filter(({ name }) => ROWS.includes(name));
  const first = shown.filter(({ name }) => FIRST.includes(name));
  const rest = shown.filter(({ name }) => !FIRST.includes(name) && !ROWS.includes(name));
  return shown.length > 0 && h("form", { id: "wege", class: "al-ways" }, [...first, ...rest].map(actionButton),
    rows.length > 0 && h("details", { class: "al-rows" }, h("summary", null, w("web.page.rows")), rows.map(actionButton)));
}

// -- what a page says beside its elements ------------------------------------------------------------------------------

const SPOKEN_MS = 1000; // shorter, and TalkBack misses it; longer, and it is found again when reading on

/** Says a sentence to who cannot see it, once. @param {string} text */
export function announce(text) {
  const entry = h("p", null, text);
  document.getElementById("ansage")?.append(entry);
  setTimeout(() => entry.remove(), SPOKEN_MS);
}

/** Puts the focus where the next act begins: the wrong field, the problem, or the question. */
export function focusTask() {
  const task = /** @type {HTMLElement} */ (document.getElementById("aufgabe"));
  const goal = task.querySelector("[aria-invalid=true]") ?? task.querySelector("div#fehler") ?? task.querySelector("#frage");
  /** @type {HTMLElement | null} */ (goal)?.focus();
}

/** While an answer is on its way, its form can be read, keeps the focus, and does nothing. @param {boolean} busy */
export function setBusy(busy) {
  for (const form of document.querySelectorAll("main form, .al-foot-form")) {
    if (busy) form.setAttribute("aria-busy", "true");
    else form.removeAttribute("aria-busy");
    for (const each of form.querySelectorAll("button, input, textarea")) {
      if (busy) each.setAttribute("aria-disabled", "true");
      else each.removeAttribute("aria-disabled");
      if ("readOnly" in each) each.readOnly = busy;
    }
  }
}
