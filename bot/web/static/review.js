// @ts-check
// The law of this module: the tasks that come late, and are loaded late: review, what was sent, the pause, the end.
// Elements only, by docs/page.md; it asks nobody and sends nothing.

import { actionButton, copy, h, named, primary, problemBox, sent, w, ways } from "./view.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Summary} Summary */
/** @typedef {import("./view.js").Child} Child */

/** @param {string} text */
const heading = (text) => h("h2", { id: "frage", tabindex: "-1" }, text);
const back = () => h("form", { class: "al-form" }, h("button", { class: "al-button", type: "submit", name: "local", value: "task" }, w("web.summary.back")));

// -- review -----------------------------------------------------------------------------------------------------------

/** Everything answered so far, with a way to change each. @param {Summary} summary @returns {Child[]} */
function answers(summary) {
  const { sections, verdict, estimate } = summary;
  const later = sections.flatMap(({ items }) => items).filter(({ value }) => value?.later === true);
  return [
    sections.length ? h("form", { id: "angaben" }, sections.map((section) => h("section", { class: "al-review" }, h("h3", null, section.title), grouped(section))))
      : h("p", null, w("web.summary.nothing")),
    verdict.criteria.length > 0 && h("section", { class: "al-verdict", "data-overall": verdict.overall }, h("h3", null, w("web.review.verdict")),
      h("p", null, w(`core.verdict.${verdict.overall}`)),
      h("details", null, h("summary", null, w("web.review.criteria")), h("ul", { class: "al-criteria" }, verdict.criteria.map(criterion)))),
    estimate && h("section", { class: "al-estimate" }, h("h3", null, w("web.review.estimate")), h("p", null, estimate.text)),
    later.length > 0 && h("section", { class: "al-missing" }, h("h3", null, w("web.review.missing")), h("ul", null, later.map(({ text }) => h("li", null, text)))),
  ];
}

/** @param {Summary["verdict"]["criteria"][number]} each */
function criterion({ about, finding, text, law, next, elsewhere }) {
  const open = finding !== "met" && finding !== "open";
  return h("li", { class: "al-criterion", "data-finding": finding }, h("strong", null, `${about}:`), ` ${w(`web.finding.${finding}`)}.`, h("p", null, text),
    h("p", { class: "al-law" }, w("core.notice.law", { law })), open && h("p", null, w("core.notice.next", { next })),
    open && elsewhere && h("p", null, w("core.notice.elsewhere", { elsewhere })));
}

/** The answers of a section, by row. @param {Summary["sections"][number]} section @returns {Child[]} */
function grouped({ rows = [], items }) {
  const keys = [...new Set(items.map(({ row }) => row ?? ""))];
  return keys.flatMap((key) => {
    const title = rows.find(({ row }) => row === key)?.title;
    return [title ? h("h4", null, title) : null, h("dl", { class: "al-answers" }, items.filter(({ row }) => (row ?? "") === key).map(answered))];
  });
}

/** @param {Summary["sections"][number]["items"][number]} item */
function answered({ question, text, answer, value, change }) {
  const files = /** @type {string[]} */ (value?.files ?? []);
  const thumb = (/** @type {string} */ file, /** @type {number} */ at) =>
    h("img", { class: "al-thumb", "data-preview": file, alt: w("web.file.picture", { number: at + 1 }), hidden: true });
  return h("div", { class: "al-answer" }, h("dt", null, text), h("dd", null, answer, files.length > 0 && h("span", { class: "al-thumbs" }, files.map(thumb))),
    change && h("dd", { class: "al-change" }, h("button", { class: "al-link", type: "submit", name: "action", value: `correct ${question}` },
      w("web.review.change"), h("span", { class: "al-hidden" }, w("web.review.change_what", { question: text })))));
}

/** The review before something is sent. @param {State} state @param {Summary} summary @param {string} slip @returns {Child[]} */
export function reviewTask(state, summary, slip) {
  const send = state.actions.find(({ name }) => name === "submit" || name === "send_addition");
  return [
    slip && problemBox(slip), heading(w("web.review.title")), ...journey(state.submissions),
    h("p", { class: "al-why" }, w(send?.name === "send_addition" ? "web.review.note.more" : "web.review.note")), ...answers(summary),
    send && h("form", { id: "antwort", class: "al-form" }, primary(send.label, { name: "action", value: named(send) })), ways(state.actions), copy(),
  ];
}

/** All answers up to now, to be looked at and left again. @param {State} state @param {Summary} summary @returns {Child[]} */
export function summaryTask(state, summary) {
  const rows = state.actions.filter(({ name }) => name === "add_row" || name === "remove_row");
  return [heading(w("web.summary.title")), back(), ...answers(summary),
    rows.length > 0 && h("form", { class: "al-ways" }, h("h3", null, w("web.page.rows")), rows.map(actionButton)), copy(), back()];
}

/** The review above a declaration, folded. @param {Summary} summary @param {boolean} open */
export const reviewFold = (summary, open) =>
  h("details", { class: "al-review-fold", open }, h("summary", null, w("web.review.fold")), answers(summary));

const STEPS = ["sent", "delivered", "accepted"];

/** Where the newest submission is, and what there is to download of each. @param {State["submissions"]} submissions @returns {Child[]} */
function journey(submissions) {
  const last = submissions.at(-1);
  if (!last) return [];
  const reached = (/** @type {string} */ step) => last.steps.some(({ state }) => state === step);
  return [
    h("p", { class: "al-waiting" }, last.text),
    !["prepared", "rejected"].includes(last.state) && h("ol", { class: "al-steps" },
      STEPS.map((step) => h("li", null, w(reached(step) ? "web.step.done" : "web.step.open", { step: w(`web.step.${step}`) })))),
    ...submissions.filter(({ receipt }) => receipt).map(({ n }) => h("p", { class: "al-copy" },
      h("a", { class: "al-button", href: `/chat/receipt/${n}` }, w("web.receipt.pdf", { n })), " ",
      h("a", { href: `/chat/receipt/${n}.jws` }, w("web.receipt.signed", { n })))),
  ];
}

// -- sent, paused, ended ------------------------------------------------------------------------------------------------

/** Nothing is open: it was sent, or there is nothing to do. @param {State} state @returns {Child[]} */
export function doneTask(state) {
  const last = state.submissions.at(-1);
  if (!last) return [heading(w("web.page.nothing_open")), state.waiting && h("p", { class: "al-waiting" }, state.waiting.text), ways(state.actions)];
  const sending = state.phase === "sending";
  return [
    heading(sending ? w("web.done.sending") : sent(state.submissions)), h("p", { class: "al-number-label" }, w("web.done.number")), h("p", { class: "al-number" }, state.reference),
    h("p", null, w("web.done.keep")), ...journey(state.submissions),
    state.waiting && state.waiting.for !== "agency" && h("p", { class: "al-waiting" }, state.waiting.text), sending && h("p", null, w("web.done.wait")),
    !sending && h("h3", null, w("web.done.next.title")),
    !sending && h("ul", null, h("li", null, w(last.state === "prepared" ? "web.done.next.file" : "web.done.next")),
      last.sandbox && h("li", null, w("web.done.next.demo"))),
    state.tasks.length > 0 && h("h3", null, w("web.done.tasks")),
    state.tasks.length > 0 && h("ul", { class: "al-tasks" }, state.tasks.map(({ reason }) => h("li", null, reason))),
    ways(state.actions), copy(), leave(),
  ];
}

const leave = () => h("form", { class: "al-ways" }, h("button", { class: "al-button", type: "submit", name: "local", value: "leave" }, w("web.pause.leave")));

/** @param {string} code @returns {Child[]} */
const codeParts = (code) => [
  h("p", null, w("web.pause.why")), h("p", { class: "al-code" }, code), h("p", null, w("web.pause.keep")),
  h("p", null, h("button", { class: "al-button", type: "button", "data-copy": code }, w("web.pause.copy"))),
];

/** Paused or ended. @param {State} state @param {string} code  shown once, "" without @returns {Child[]} */
export function restTask(state, code) {
  const ended = state.phase === "ended";
  const may = (/** @type {string} */ name) => state.actions.some((action) => action.name === name);
  return [
    heading(w(ended ? "web.ended.title" : "web.pause.title")), ended && h("p", null, w(may("resume") ? "web.ended.why" : "web.ended.expired")),
    ...(code ? codeParts(code) : [!ended && h("p", null, w("web.pause.shown"))]),
    h("form", { id: "antwort", class: "al-form" }, may("resume") && primary(w("web.pause.go_on"), { name: "action", value: "resume" }),
      !code && may("pause") && h("button", { class: "al-button", type: "submit", name: "action", value: "pause" }, w("web.pause.anew"))),
    copy(), leave(),
  ];
}
