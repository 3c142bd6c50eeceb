// @ts-check
// The law of this module: it joins the page, the model and the wire. What the user does becomes an answer in the outbox;
// what the server says becomes the model; the page follows the model. The focus moves only after the user's own act.

import { Nap, Outbox, answerOf, backoff, blank, codeSaid, reduce, storeOf, uuid } from "./core.js";
import { h, problemBox, speak, w } from "./view.js";

/** @typedef {import("./types").Reply} Reply */
/** @typedef {import("./types").Turns} Turns */

export const API = "/api/v1";
export const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** The session: one case, one model, one page. */
export class Chat {
  model = blank();
  store = storeOf(() => sessionStorage);
  token = this.store.get("al.token") ?? "";
  calm = false; // everything comes anew: nothing of it is news
  news = { own: false, inside: false, after: Infinity }; // what the next rendering has to tell, and where the focus was
  waiting = /** @type {Turns[]} */ ([]); // turns of the line that came while an answer was on its way
  entering = false;
  moment = 0;
  nap = new Nap();
  /** @type {import("./page.js").Page | null} */
  page = null;
  /** @type {import("./line.js").Line | null} */
  line = null;
  code = ""; // a resume code, shown once
  looking = false; // at all answers, by the user's wish
  away = (/** @type {Reply | null} */ reply = null) => this.status(w(reply ? "web.status.moment" : this.outbox.entries.length ? "web.status.offline" : "web.status.away"));
  outbox = new Outbox(this.store, (entry) => this.call("POST", "/answers", entry.body), {
    changed: (pending) => this.update({ type: "pending", pending }),
    sent: (reply, entry) => this.answered(reply, entry),
    refused: (reply) => void this.refused(reply),
    failed: (reply) => this.away(reply),
  });

  // -- the wire -----------------------------------------------------------------------------------------------------

  /** @param {Record<string, string>} [more] @returns {Record<string, string>} */
  headers(more) {
    const own = { "Accept-Language": document.documentElement.lang, ...more };
    return this.token ? { ...own, Authorization: `Bearer ${this.token}` } : own;
  }

  /** One request. Rejects where no reply came. @param {string} method @param {string} path @param {object} [body] @returns {Promise<Reply>} */
  async call(method, path, body) {
    const headers = this.headers(body && { "Content-Type": "application/json" });
    const response = await fetch(API + path, { method, headers, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) });
    const text = await response.text();
    return { status: response.status, data: text ? JSON.parse(text) : null, after: Number(response.headers.get("Retry-After")) || 0 };
  }

  /** Asks until there is an answer that is one. @param {string} method @param {string} path @param {object} [body] */
  async insist(method, path, body) {
    for (let tries = 0; ; tries += 1) {
      const reply = await this.call(method, path, body).catch(() => null);
      if (reply && reply.status < 500 && reply.status !== 429) return (tries && this.online(), reply);
      this.away(reply);
      await this.nap.sleep(Math.max(backoff(tries), (reply?.after ?? 0) * 1000));
    }
  }

  /** A module that is loaded late; again where the network was away (a failed import is remembered by its address).
   * @template T @param {(again: string) => Promise<T>} load @returns {Promise<T>} */
  async late(load) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await load(tries ? `?${tries}` : "");
      } catch {
        if (tries && (await fetch(import.meta.url, { cache: "no-store" }).catch(() => null))?.status === 404) location.reload(); // another version is served by now
        await this.nap.sleep(backoff(tries));
      }
    }
  }

  // -- a case begins, comes back, is gone ---------------------------------------------------------------------------

  /** @param {string} path @param {object} body */
  async enter(path, body) {
    if (this.entering) return;
    this.entering = true;
    this.patience(1000);
    void this.open();
    this.news = { own: true, inside: byId("aufgabe").contains(document.activeElement), after: 0 };
    const { status, data } = await this.insist("POST", path, body);
    this.entering = false;
    window.clearTimeout(this.moment);
    this.status("");
    if (status >= 400) return this.complain(data?.detail ?? w("web.status.not_sent"), path === "/cases/resume");
    this.store.set("al.token", (this.token = data.token));
    await this.open();
    this.update({ type: "anew" });
    this.update({ type: "turns", turns: data });
    void this.begin();
    if (!this.store.lasting) this.status(w("web.status.no_storage"));
    if (data.more) await this.rebuild();
  }

  /** A refusal on the start page. @param {string} text @param {boolean} atCode */
  complain(text, atCode) {
    document.getElementById("fehler")?.remove();
    const box = problemBox(text);
    const field = byId("f-code");
    if (!atCode) return (byId("aufgabe").prepend(box), box.focus());
    field.before(box);
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", "fehler code-beispiel");
    field.focus();
  }

  /** What makes the page of a case is loaded with the first of its requests. */
  async open() {
    const { Page } = await this.late((again) => import(`./page.js${again}`));
    this.page ??= new Page(this);
  }

  /** A case is open: its news, and what is loaded late. */
  async begin() {
    document.body.dataset.mode = "chat";
    byId("verlauf").tabIndex = 0;
    void this.outbox.run();
    const { Line } = await this.late((again) => import(`./line.js${again}`));
    const ask = (/** @type {string} */ accept, /** @type {AbortSignal} */ signal) =>
      fetch(`${API}/events?after=${this.model.cursor}&wait=20`, { signal, headers: this.headers({ Accept: accept }) });
    this.line ??= new Line(ask, {
      turns: (/** @type {Turns} */ turns) => (this.waiting.push(turns), this.catchUp()),
      lost: (/** @type {number} */ status) => (status === 409 ? void this.rebuild() : this.gone(status)),
      up: () => this.online(),
      down: () => this.away(),
    });
    this.listen();
    await this.page?.prepare();
  }

  /** The line is open while somebody looks. @param {boolean} [anew] */
  listen(anew) {
    if (anew || document.hidden) this.line?.stop();
    if (this.token && !document.hidden) this.line?.start();
  }

  /** What the line brought meanwhile. */
  catchUp() {
    if (this.outbox.entries.length || this.calm) return;
    for (const turns of this.waiting.splice(0)) this.update({ type: "turns", turns });
  }

  /** Everything from the server, as after a reload. */
  async rebuild() {
    this.calm = true;
    this.update({ type: "anew" });
    for (let more = true; more; ) {
      const { status, data } = await this.insist("GET", `/events?after=${this.model.cursor}`);
      if (status >= 400) return this.gone(status);
      this.update({ type: "turns", turns: data });
      more = data.more;
    }
    await null; // the page is up to date
    this.calm = false;
    this.status("");
    this.catchUp();
  }

  /** The case cannot be reached any more. @param {number} status */
  gone(status) {
    void (this.leave(), this.page?.gone(status));
  }

  /** This tab forgets the case. */
  leave() {
    this.line?.stop();
    this.calm = false;
    this.token = "";
    this.model = blank();
    for (const key of ["al.token", "al.turned", "al.order", "al.uploads"]) this.store.drop(key);
    this.outbox.clear();
    this.status("");
  }

  // -- acts ---------------------------------------------------------------------------------------------------------

  /** The user's own act. A second one waits for nothing: while an answer is on its way there is no other.
   * @param {Omit<import("./types").Body, "id">} sends @param {string} shown */
  act(sends, shown) {
    if (this.outbox.entries.length) return;
    this.news = { own: true, inside: byId("aufgabe").contains(document.activeElement), after: this.model.cursor };
    this.patience(3000);
    this.code = "";
    this.looking = false;
    void this.outbox.put({ body: { id: uuid(), after: this.model.cursor, ...sends }, shown });
  }

  /** @param {HTMLFormElement} form @param {HTMLButtonElement | null} button */
  submitted(form, button) {
    const question = this.page?.asked;
    const label = button?.textContent ?? "";
    if (button?.name === "local") return button.value === "leave" ? (this.leave(), location.assign("/chat")) : this.page?.look(false);
    if (button?.name === "action") return this.page?.action(button.value, label);
    if (!question || !["antwort", "angebote"].includes(form.id)) return;
    if (question.id === "@erase" && button?.value === "true") return void this.page?.erase();
    const filled = [...new FormData(form, button)].map(([name, value]) => /** @type {[string, string]} */ ([name, String(value)]));
    const answer = answerOf(question, filled);
    if (answer) this.act(answer.sends, answer.shown || label);
    else this.slip(w(form.querySelector("[type=radio]") ? "web.page.choose_one" : form.querySelector("[type=checkbox]") ? "web.page.choose_some" : "web.status.no_answer"));
  }

  /** @param {Reply} reply @param {import("./types").Entry} entry */
  answered({ data }, entry) {
    this.code = codeSaid(data.events);
    if (entry.body.action === "language") this.store.drop("al.turned");
    if (data.outcome === "refused" || data.outcome === "not_understood") this.page?.stale(); // the same slip again is told again
    this.update({ type: "turns", turns: data });
    this.online();
    if (data.more) void this.rebuild();
  }

  /** A 4xx: it is explained, and not sent again. @param {Reply} reply */
  async refused({ status, data }) {
    if ([401, 404, 410].includes(status)) return this.gone(status);
    const { inside } = this.news;
    if (status === 409) await this.rebuild();
    this.slip(data?.errors?.[0]?.detail ?? data?.detail ?? w("web.status.not_sent"), inside);
  }

  /** Why nothing was taken: what was typed stays. @param {string} text @param {boolean} [inside] */
  slip(text, inside = true) {
    this.news = { own: true, inside, after: this.model.cursor };
    this.status("");
    this.page?.stale();
    this.update({ type: "refused", text });
  }

  /** @param {Parameters<typeof reduce>[1]} action */
  update(action) {
    if (!this.token) return;
    if (!this.news.own && !this.calm) this.news.after = Math.min(this.news.after, this.model.cursor);
    this.model = reduce(this.model, action);
    this.page?.soon();
  }

  /** @param {string} text */
  status(text) {
    if (byId("status").textContent !== text) byId("status").textContent = text;
  }

  /** Who waits longer is told so, once, by the status; unless it says more already. @param {number} ms */
  patience(ms) {
    window.clearTimeout(this.moment);
    this.moment = window.setTimeout(() => byId("status").textContent || this.status(w("web.status.moment")), ms);
  }

  /** The page shows everything there is. */
  settled() {
    window.clearTimeout(this.moment);
    const over = [w("web.status.moment"), !this.page?.held && w("web.status.new_message")];
    if (over.includes(byId("status").textContent ?? "")) this.status("");
  }

  online() {
    if (!["web.status.offline", "web.status.away"].some((place) => byId("status").textContent === w(place))) return;
    this.status(w("web.status.online"));
    setTimeout(() => byId("status").textContent === w("web.status.online") && this.status(""), 4000);
  }
}

/** Takes the page over. A page of a cookie session has no words for us: it stays a form. */
function start() {
  const words = document.getElementById("worte");
  if (!words || document.body.dataset.mode === "form") return;
  speak(JSON.parse(words.textContent ?? "{}"));
  const chat = new Chat();
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const entering = form.matches(".al-start") ? "/cases" : form.id === "code" ? "/cases/resume" : "";
    if (!entering && !chat.token) return;
    event.preventDefault();
    if (form.hasAttribute("aria-busy")) return;
    if (!entering) return chat.submitted(form, /** @type {HTMLButtonElement | null} */ (event.submitter));
    const { procedure, language, code } = Object.fromEntries(new FormData(form));
    void chat.enter(entering, form.id === "code" ? { code } : { language, ...(procedure && { procedure }) });
  });
  window.addEventListener("offline", () => chat.token && chat.away());
  window.addEventListener("online", () => (chat.outbox.hurry(), chat.nap.wake(), chat.listen(true)));
  document.addEventListener("visibilitychange", () => chat.listen());
  if (!chat.token) return;
  byId("aufgabe").replaceChildren(h("h2", { id: "frage", tabindex: "-1" }, w("web.status.moment")));
  chat.model.pending = chat.outbox.entries;
  void chat.open().then(() => chat.rebuild()).then(() => void (chat.token && chat.begin()));
}

if (globalThis.document) start();
