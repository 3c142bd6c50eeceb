// @ts-check
// The law of this module: the page follows the model, one rendering for all that came. The focus moves only after the
// user's own act, what gets it is not announced, and what was typed is never lost.

import { API, byId } from "./chat.js";
import { actionOf, history, slipOf } from "./core.js";
import { announce, focusTask, h, named, questionTask, sender, setBusy, tellHistory, w, ways } from "./view.js";

/** @typedef {import("./types").State} State */
/** @typedef {import("./types").Summary} Summary */
/** @typedef {import("./types").Action} Action */

/** The page's title: place, procedure, product; never an answer. @param {State} state @param {boolean} wrong */
function titleOf({ position, procedure }, wrong) {
  const parts = [position && w("web.page.position", { number: position.number, total: position.of }), procedure?.title, w("web.product")];
  const title = parts.filter(Boolean).join(" – ");
  return wrong ? w("web.page.slip_title", { title }) : title;
}

/** What stands in the fields of a form, to be put back into its successor. @param {ParentNode} parent */
function typedIn(parent) {
  const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (parent.querySelectorAll("#antwort input, #antwort textarea"));
  return [...inputs].map((input) => ({ id: input.id, value: input.value, checked: input.checked, changed: input.value !== input.defaultValue }));
}

/** @param {ParentNode} parent @param {ReturnType<typeof typedIn>} typed */
function typeAgain(parent, typed) {
  for (const { id, value, checked } of typed) {
    const input = /** @type {HTMLInputElement | null} */ (parent.querySelector(`#${CSS.escape(id)}`));
    if (!input) continue;
    if (["radio", "checkbox"].includes(input.type)) input.checked = checked;
    else input.value = value;
  }
}

/** The footer's buttons of a case, in their places. True: the one that had the focus is gone. @param {Action[]} actions */
function tellFooter(actions) {
  const list = document.querySelector(".al-foot ul");
  const link = (/** @type {string} */ name) => actions.filter((action) => action.name === name).map(({ label }) =>
    h("button", { class: "al-link", type: "submit", form: "fuss", name: "action", value: name }, label));
  if (!list) return false;
  if (!document.getElementById("fuss")) list.before(h("form", { id: "fuss", class: "al-foot-form" }));
  const key = actions.map(named).filter((name) => ["help", "pause", "erase"].includes(name)).join(" ");
  if (list.getAttribute("data-actions") === key) return false;
  const focus = list.contains(document.activeElement) ? document.activeElement?.getAttribute("value") : null;
  list.setAttribute("data-actions", key);
  if (link("help").length) list.firstElementChild?.replaceChildren(...link("help"));
  for (const old of list.querySelectorAll("[data-case]")) old.remove();
  const before = list.querySelector("a[href^='/privacy']")?.parentElement ?? null;
  for (const made of [...link("pause"), ...link("erase")]) list.insertBefore(h("li", { "data-case": true }, made), before);
  const again = /** @type {HTMLElement | null} */ (list.querySelector(`button[value="${focus}"]`));
  again?.focus();
  return Boolean(focus) && !again;
}

/** What the page shows of a case. */
export class Page {
  /** @type {Summary | null} */
  summary = null;
  shown = ""; // what the task shows, as a key
  /** @type {import("./types").Question | null} */
  asked = null; // the question that the task shows
  held = false; // the page is behind the model, until the form with unsent words is left
  lostFocus = false; // the focus was on what is gone
  /** @type {Map<string, Promise<string>>} */
  pictures = new Map();
  due = false;
  loading = false;
  fresh = false;
  /** @type {typeof import("./review.js") | null} */
  review = null;
  /** @type {import("./upload.js").Uploads | null} */
  uploads = null;

  /** @param {import("./chat.js").Chat} chat */
  constructor(chat) {
    this.chat = chat;
    const task = byId("aufgabe");
    document.addEventListener("click", (event) => this.clicked(event), true);
    document.addEventListener("keydown", (event) => {
      if (event.key !== "F6" || !chat.token) return;
      event.preventDefault();
      (task.contains(document.activeElement) ? byId("verlauf") : byId("frage")).focus();
    });
    task.addEventListener("focusout", (event) => {
      if (this.held && !task.contains(/** @type {Node | null} */ (event.relatedTarget))) this.render();
    });
  }

  /** What is no form's: the code's copy, the languages, the way to the form. @param {MouseEvent} event */
  clicked(event) {
    const target = /** @type {Element} */ (event.target);
    if (target.closest("[aria-disabled=true]")) return event.preventDefault();
    const code = /** @type {HTMLElement | null} */ (target.closest("[data-copy]"))?.dataset.copy;
    if (code) void navigator.clipboard?.writeText(code).then(() => this.chat.status(w("web.status.copied")));
    const link = /** @type {HTMLAnchorElement | null} */ (target.closest("a[hreflang], .al-foot a[href*='form=1'], a[href='/chat/export'], a[href^='/chat/receipt/']"));
    if (!link || !this.chat.token) return;
    event.preventDefault();
    if (link.closest(".al-copy")) return void this.chat.late((again) => import(`./copy.js${again}`)).then(({ download }) => download(this.chat, link.pathname));
    if (link.hreflang) this.chat.act({ action: "language", target: link.hreflang }, link.textContent ?? "");
    else void this.toForm();
  }

  /** @param {string} raw @param {string} label */
  action(raw, label) {
    const { chat } = this;
    const [action, target] = actionOf(raw);
    if (action === "summary") return this.look(true);
    if (action === "new_case") return (chat.leave(), location.assign("/chat"));
    if (action === "erase" && chat.model.now?.actions.some(({ name, asks }) => name === action && asks)) return void this.erase();
    const after = action === "submit" || action === "send_addition" ? this.summary?.cursor : undefined;
    chat.act({ action, ...(target && { target }), ...(after !== undefined && { after }) }, label);
  }

  /** At all answers, or back at the task. @param {boolean} looking */
  look(looking) {
    this.chat.news = { own: true, inside: byId("aufgabe").contains(document.activeElement), after: this.chat.model.cursor };
    this.chat.looking = looking;
    this.render();
  }

  /** Renders once for everything that comes now. */
  soon() {
    if (!this.due) queueMicrotask(() => this.render());
    this.due = true;
  }

  /** The next rendering makes the task anew. */
  stale() {
    this.shown = "";
    this.summary = null;
  }

  /** Loads what a late task needs. */
  async prepare() {
    this.review ??= await this.chat.late((again) => import(`./review.js${again}`));
  }

  render() {
    this.due = false;
    const { model, news } = this.chat;
    const state = model.now;
    if (!state || !this.chat.token) return;
    const told = history(model);
    const section = byId("verlauf");
    tellHistory(/** @type {HTMLElement} */ (section.querySelector(".al-messages")), told);
    section.hidden = told.length === 0;
    section.scrollTop = state.phase === "greeting" ? 0 : section.scrollHeight;
    const replaced = this.tellTask(state, news.own);
    setBusy(model.pending.length > 0 || replaced === null);
    if (model.pending.length || replaced === null) return;
    this.chat.settled();
    this.chat.news = { own: false, inside: false, after: Infinity };
    const inside = this.tellPage(state) || news.inside;
    for (const { key, from, text } of told) {
      if (parseInt(key) > news.after && !(news.own && from === "applicant")) announce(`${sender(from)}: ${text}`);
    }
    if (replaced && (news.own || this.chat.calm)) this.reveal();
    if (replaced && (news.own ? inside : this.lostFocus)) focusTask();
    else if (replaced && news.after < Infinity) announce(slipOf(model) ? w("web.problem", { problem: slipOf(model) }) : `${sender("bot")}: ${byId("frage").textContent}`);
    if (replaced && news.own && state.phase === "greeting") window.scrollTo(0, 0); // what happens to the data is read first
    queueMicrotask(() => this.chat.catchUp());
  }

  /** Brings the task into view where it does not fit beside the history. */
  reveal() {
    const { top, bottom } = byId("aufgabe").getBoundingClientRect();
    if (top < 0 || bottom > window.innerHeight) byId("aufgabe").scrollIntoView({ block: "start" });
  }

  /** The task. True: it was replaced; null: what it needs is still on its way. @param {State} state @param {boolean} own */
  tellTask(state, own) {
    const task = byId("aufgabe");
    const { question, actions, phase } = state;
    const may = (/** @type {string} */ name) => actions.some((action) => action.name === name);
    const { events } = this.chat.model;
    const paused = events.some(({ turn, place }) => turn === events.at(-1)?.turn && place === "core.paused");
    const rests = (may("resume") && paused) || (phase === "ended" && !question);
    const kind = rests ? "rest" : this.chat.looking ? "summary" : question ? "question" : may("submit") || may("send_addition") ? "review" : "done";
    const declares = kind === "question" && Boolean(question?.id.startsWith("@declaration"));
    const whole = declares || kind === "summary" || kind === "review";
    const stale = declares ? !this.summary || !this.asked?.id.startsWith("@declaration") : whole && (this.summary?.cursor ?? -1) < this.chat.model.cursor;
    if ((whole || kind !== "question") && !this.fetched(stale)) return null;
    const slip = slipOf(this.chat.model);
    const key = JSON.stringify([kind, question, slip, this.chat.code, whole && this.summary, kind !== "question" && [phase, actions, state.submissions, state.tasks, state.waiting]]);
    if (key === this.shown) return this.tellWays(state);
    const inForm = task.contains(document.activeElement);
    const typed = typedIn(task);
    this.held = !own && inForm && this.shown !== "" && typed.some(({ changed }) => changed);
    if (this.held) return (this.chat.status(w("web.status.new_message")), false);
    const review = /** @type {typeof import("./review.js")} */ (this.review);
    const summary = /** @type {Summary} */ (this.summary);
    const fold = declares && review.reviewFold(summary, !this.asked?.id.startsWith("@declaration"));
    const parts = kind === "question" ? questionTask(this.chat.model, fold)
      : kind === "rest" ? review.restTask(state, this.chat.code) : kind === "summary" ? review.summaryTask(state, summary)
      : kind === "review" ? review.reviewTask(state, summary, slip) : review.doneTask(state);
    task.replaceChildren(...h("div", null, ...parts).childNodes);
    if (question && question.id === this.asked?.id) typeAgain(task, typed);
    this.lostFocus = inForm;
    this.asked = kind === "question" ? question : null;
    this.shown = key;
    for (const image of task.querySelectorAll("img[data-preview]")) void this.preview(/** @type {HTMLImageElement} */ (image));
    if (question?.kind === "evidence" && kind === "question") void this.collect();
    return true;
  }

  /** Only what may be done besides has changed. @param {State} state */
  tellWays({ actions, question }) {
    const made = ways(actions);
    const old = document.getElementById("wege");
    if (question && made && old && !old.contains(document.activeElement) && !old.isEqualNode(made)) old.replaceWith(made);
    this.uploads?.refresh();
    return false;
  }

  /** Is everything there that a late task needs? If not, it is asked for, and the page made anew when it comes. @param {boolean} stale */
  fetched(stale) {
    if (this.review && (!stale || this.fresh)) return !(this.fresh = false);
    const load = async () => {
      await this.prepare();
      const { status, data } = stale ? await this.chat.insist("GET", "/summary") : { status: 200, data: this.summary };
      this.loading = false;
      this.fresh = true; // it is as new as the page can have it
      if (status >= 400) return this.chat.gone(status);
      this.summary = data;
      this.render();
    };
    if (!this.loading) void load();
    this.loading = true;
    return false;
  }

  /** The evidence part of a question. */
  async collect() {
    const { Uploads } = await this.chat.late((again) => import(`./upload.js${again}`));
    if (this.asked?.kind !== "evidence") return;
    const uploads = this.uploads?.question === this.asked.id ? this.uploads : new Uploads(this.chat, this.asked);
    this.uploads = uploads;
    uploads.refresh();
  }

  /** Shows a picture that only the token opens; fetched once. @param {HTMLImageElement} image */
  async preview(image) {
    const id = image.dataset.preview ?? "";
    const fetched = this.pictures.get(id) ?? fetch(`${API}/files/${id}/preview`, { headers: this.chat.headers() })
      .then(async (response) => (response.ok ? URL.createObjectURL(await response.blob()) : ""), () => "");
    this.pictures.set(id, fetched);
    const address = await fetched;
    if (!address) return void this.pictures.delete(id);
    image.src = address;
    image.hidden = false;
  }

  /** Title, heading, footer, language. True: the focus is lost. @param {State} state */
  tellPage(state) {
    document.title = titleOf(state, slipOf(this.chat.model) !== "");
    if (state.procedure) byId("titel").textContent = state.procedure.title;
    if (state.language !== document.documentElement.lang && this.chat.store.get("al.turned") !== state.language) {
      this.chat.store.set("al.turned", state.language); // once, lest two languages chase one another
      const link = /** @type {HTMLAnchorElement | null} */ (document.querySelector(`a[hreflang="${CSS.escape(state.language)}"]`));
      if (link) location.assign(link.href);
    }
    return tellFooter(state.actions);
  }

  // -- the end ---------------------------------------------------------------------------------------------------------

  /** Nothing is left to show: why, and the way to the start. @param {number} status */
  gone(status) {
    const why = status === 410 ? "erased" : status === 401 ? "unauthorised" : "gone";
    byId("verlauf").hidden = true;
    byId("aufgabe").replaceChildren(h("h2", { id: "frage", tabindex: "-1" }, w(`web.gone.${why}`)), h("p", null, w(`web.gone.${why}.next`)),
      h("p", null, h("a", { class: "al-button al-button--primary", href: "/chat" }, w("web.gone.start"))));
    document.title = w("web.product");
    tellFooter([]);
    focusTask();
  }

  /** Deletes the case for good. */
  async erase() {
    setBusy(true);
    const { status, data } = await this.chat.insist("DELETE", "/case");
    setBusy(false);
    if (status < 400 || status === 410) return this.chat.gone(410);
    return status === 401 || status === 404 ? this.chat.gone(status) : this.chat.update({ type: "refused", text: data?.detail ?? w("web.status.not_sent") });
  }

  /** The same case as a form page without script. */
  async toForm() {
    const { status, data } = await this.chat.insist("POST", "/links", { to: "web" });
    if (status >= 400) return this.chat.update({ type: "refused", text: data?.detail ?? w("web.status.not_sent") });
    this.chat.leave();
    location.assign(data.url);
  }
}
