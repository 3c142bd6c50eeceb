// @ts-check
// The law of this module: a file goes up in pieces and goes on where it stopped (tus 1.0). What is on its way is this
// page's; what has arrived is the server's, and comes back after a reload. What a reload cut off must be chosen again.

import { API, byId } from "./chat.js";
import { Nap, backoff } from "./core.js";
import { base64, filesOf, idOf, printOf, remember, shrink, unfinished } from "./files.js";
import { picker } from "./picker.js";
import { announce, h, primary, w } from "./view.js";

/** @typedef {import("./types").FileState} FileState */
/** @typedef {import("./types").Upload} Upload */

const PIECE = 256 * 1024;
const TRIES = 8;

/** @type {Set<string>} */
const live = new Set(); // addresses that this page sends to

/** @param {string} name @param {Blob} blob @param {Partial<Upload>} more @returns {Upload} */
const uploadOf = (name, blob, more) => ({ key: "", name, blob, size: blob.size, print: "", picture: "", sent: 0, state: "sending", address: "", text: "",
  spoken: 0, stop: new AbortController(), ...more });

/** The evidence part of one question: what is going up, what is there, in which order. */
export class Uploads {
  /** @type {Upload[]} */
  going = [];
  /** @type {string[]} */
  order;
  nap = new Nap();
  drawn = "";
  /** @type {Map<string, string>} */
  states = new Map();
  /** @type {Map<string, string>} */
  names = new Map(); // of what was sent from this page: the server tells no names

  /** @param {import("./chat.js").Chat} chat @param {import("./types").Question} asked */
  constructor(chat, asked) {
    this.chat = chat;
    this.question = asked.id;
    this.order = JSON.parse(chat.store.get("al.order") ?? "[]");
    this.limits = asked.limits ?? {};
    this.task = asked.task;
    this.running = false;
    window.addEventListener("online", () => this.nap.wake());
    byId("aufgabe").addEventListener("dragover", (event) => this.open() && event.preventDefault());
    byId("aufgabe").addEventListener("drop", (event) => this.dropped(event, event.dataTransfer));
    document.addEventListener("paste", (event) => this.dropped(event, event.clipboardData));
    for (const note of unfinished(chat.store, asked.id)) if (!live.has(note.address)) void this.recover(note);
  }

  /** What a reload cut off: how far it came, and that its file must be chosen again. @param {import("./types").Unfinished} note */
  async recover({ address, name, size, print }) {
    const upload = uploadOf(name, new Blob(), { key: address, address, size, print, state: "failed", text: w("web.file.unfinished") });
    this.going.push(upload);
    await this.whereAreWe(upload).catch(() => undefined);
    if (upload.state === "failed" && this.going.includes(upload)) this.fail(upload, upload.text);
  }

  /** Is the question that this is about the one on the page? */
  open() {
    return this.chat.page?.asked?.id === this.question;
  }

  /** @param {Event} event @param {DataTransfer | null} transfer */
  dropped(event, transfer) {
    if (!this.open() || !transfer?.files.length) return;
    event.preventDefault();
    this.add([...transfer.files]);
  }

  /** The files that the server has, in the order of the user. */
  files() {
    const known = filesOf(this.chat.model);
    const place = (/** @type {FileState} */ { id }) => (this.order.includes(id) ? this.order.indexOf(id) : Infinity);
    const sorted = known.map((file, at) => ({ file, at })).sort((a, b) => place(a.file) - place(b.file) || a.at - b.at).map(({ file }) => file);
    this.order = sorted.map(({ id }) => id);
    return sorted;
  }

  /** @param {File[]} files */
  add(files) {
    const most = this.limits.max_bytes ?? 20 * 1024 * 1024;
    for (const file of files) {
      const picture = file.type.startsWith("image/") ? URL.createObjectURL(file) : "";
      const upload = uploadOf(file.name, file, { key: picture || `${file.name}${Math.random()}`, picture });
      this.going.push(upload);
      if (!file.size) this.fail(upload, w("web.file.empty"));
      else if (file.size > most && !file.type.startsWith("image/")) this.fail(upload, w("web.file.too_large", { megabytes: most >> 20 }));
    }
    this.refresh();
    void this.run();
  }

  /** Sends what is there, one after the other: the pages come in the order in which they were chosen. */
  async run() {
    if (this.running) return;
    this.running = true;
    for (let next; (next = this.going.find(({ state }) => state === "sending")); ) await this.send(next);
    this.running = false;
    this.chat.status("");
    this.refresh();
  }

  /** @param {Upload} upload */
  async send(upload) {
    if (!upload.address && upload.blob instanceof File) await this.prepare(upload, upload.blob);
    for (let tries = 0; upload.state === "sending"; ) {
      const before = upload.sent;
      const wait = await this.piece(upload).catch(() => -1);
      if (upload.state !== "sending") break;
      if (wait === 0 || upload.sent > before) {
        tries = 0;
        continue;
      }
      if (wait < 0) this.chat.away();
      if (wait < 0 && navigator.onLine && ++tries > TRIES) return this.fail(upload, w("web.file.failed"));
      await this.nap.sleep(Math.max(backoff(Math.min(tries, 3)), wait));
      if (upload.address && wait <= 0) await this.whereAreWe(upload).catch(() => undefined);
    }
  }

  /** The same file that was cut off goes on where it stopped; another one of its name takes its place.
   * @param {Upload} upload @param {File} file */
  async prepare(upload, file) {
    upload.blob = await shrink(file);
    upload.size = upload.blob.size;
    upload.print = await printOf(upload.blob);
    const cut = this.going.filter(({ state, address }) => state === "failed" && address);
    const same = cut.find(({ print }) => print && print === upload.print);
    const before = same ?? cut.find(({ name }) => name === upload.name);
    if (!before || upload.state !== "sending") return;
    if (same) [upload.address, upload.sent, same.address] = [same.address, same.sent, ""];
    this.forget(before);
  }

  /** One request: the beginning, or the next piece. Returns milliseconds to wait; 0: on we go. @param {Upload} upload */
  async piece(upload) {
    const { blob, stop, sent } = upload;
    const tus = { "Tus-Resumable": "1.0.0" };
    const signal = AbortSignal.any([stop.signal, AbortSignal.timeout(60_000)]);
    const made = upload.address
      ? { method: "PATCH", headers: this.chat.headers({ ...tus, "Upload-Offset": `${sent}`, "Content-Type": "application/offset+octet-stream" }),
          body: blob.slice(sent, sent + PIECE), signal }
      : { method: "POST", headers: this.chat.headers({ ...tus, "Upload-Length": `${upload.size}`,
          "Upload-Metadata": `question ${base64(this.question)},filename ${base64(upload.name)}` }), signal };
    const response = await fetch(upload.address || `${API}/files`, made);
    const { status, headers } = response;
    if (status === 201) live.add((upload.address = new URL(headers.get("Location") ?? "", location.href).pathname));
    else if (status === 204) this.progress(upload, Number(headers.get("Upload-Offset")));
    else if (status === 429 || status >= 500) return Math.max(1, Number(headers.get("Retry-After")) || 0) * 1000;
    else if (status === 409 && upload.address) await this.whereAreWe(upload);
    else if ([401, 410].includes(status)) (upload.state = "stopped"), this.chat.gone(status);
    else this.fail(upload, (await response.json().catch(() => null))?.detail ?? w("web.file.failed"), status === 404);
    return 0;
  }

  /** How far the server has it. @param {Upload} upload */
  async whereAreWe(upload) {
    const headers = this.chat.headers({ "Tus-Resumable": "1.0.0" });
    const { status, headers: told } = await fetch(upload.address, { method: "HEAD", headers, signal: AbortSignal.timeout(20_000) });
    if (status === 404 && !upload.blob.size) return ((upload.address = ""), this.forget(upload)); // nothing of it is left
    if (status === 404) return this.fail(upload, w("web.file.failed"), true);
    if (status < 300) this.progress(upload, Number(told.get("Upload-Offset")));
  }

  /** Seen at once, spoken in quarters. @param {Upload} upload @param {number} sent */
  progress(upload, sent) {
    upload.sent = sent;
    const number = this.order.length + 1;
    const quarter = Math.floor((4 * sent) / upload.size) * 25;
    if (sent >= upload.size) {
      upload.state = "done";
      if (upload.picture) setTimeout(() => URL.revokeObjectURL(upload.picture), 60_000);
      this.order.push(idOf(upload.address));
      this.chat.status(w("web.file.uploaded", { number }));
    } else if (quarter > upload.spoken && upload.state === "sending") {
      upload.spoken = quarter;
      this.chat.status(w("web.file.uploading", { number, percent: quarter }));
    }
    this.refresh();
  }

  /** @param {Upload} upload @param {string} text @param {boolean} [lost]  the server has nothing of it */
  fail(upload, text, lost) {
    if (lost) upload.address = "";
    upload.state = "failed";
    upload.text = text;
    announce(w("web.problem", { problem: text }));
    this.refresh();
  }

  /** Stops an upload, or forgets one that failed. @param {Upload} upload */
  forget(upload) {
    upload.state = "stopped";
    upload.stop.abort();
    this.going = this.going.filter((each) => each !== upload);
    if (upload.picture) URL.revokeObjectURL(upload.picture);
    if (upload.address) void this.remove(idOf(upload.address));
    this.refresh();
  }

  /** @param {string} id */
  async remove(id) {
    const headers = this.chat.headers({ "Tus-Resumable": "1.0.0" });
    const reply = await fetch(`${API}/files/${id}`, { method: "DELETE", headers }).catch(() => null);
    if (!reply || (reply.status >= 400 && reply.status !== 404)) return this.chat.status(w("web.refused.title"));
    const { status, data } = await this.chat.insist("GET", `/events?after=${this.chat.model.cursor}`);
    if (status < 400) this.chat.update({ type: "turns", turns: data });
  }

  // -- what the page shows of it ---------------------------------------------------------------------------------------

  /** Brings the page up to date. Where nothing changed, nothing is touched. */
  refresh() {
    if (this.chat.token) remember(this.chat.store, this.question, this.going);
    const place = document.getElementById("belege");
    if (!place || !this.open()) return;
    const files = this.files();
    const there = new Set(files.map(({ id }) => id));
    for (const { address, name } of this.going) this.names.set(idOf(address), name);
    this.going = this.going.filter(({ state, address }) => state !== "done" || !there.has(idOf(address)));
    for (const { key, sent } of this.going) /** @type {HTMLProgressElement | null} */ (place.querySelector(`[data-going="${CSS.escape(key)}"]`))?.setAttribute("value", `${sent}`);
    const key = JSON.stringify([files, this.going.map(({ key: each, state }) => [each, state])]);
    if (key === this.drawn && place.firstChild) return;
    this.drawn = key;
    const [act, id] = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.at?.split(" ") ?? [];
    if (!document.getElementById("datei")) place.replaceChildren(h("div", { id: "seiten" }), picker(this.limits, (files) => this.add(files)));
    byId("seiten").replaceChildren(...(files.length + this.going.length ? [h("h3", null, w("web.file.pages")), this.list(files)] : []));
    this.finish(files);
    const near = [`[data-at="${act} ${CSS.escape(id ?? "")}"]`, `[data-at$=" ${CSS.escape(id ?? "")}"]`, "#waehlen"];
    if (act) /** @type {HTMLElement | null} */ (near.map((each) => place.querySelector(each)).find(Boolean))?.focus();
    for (const file of files) this.tell(file);
  }

  /** Says what the check found, once. A refusal is said by the assistant. @param {FileState} file */
  tell({ id, state, told = "" }) {
    if (this.states.get(id) === "checking" && state !== "checking" && state !== "refused") announce(`${w("web.file.page", { number: this.order.indexOf(id) + 1 })}: ${told}`);
    this.states.set(id, state);
  }

  /** @param {FileState[]} files */
  list(files) {
    const list = h("ol", { class: "al-pages" }, files.map((file, at) => this.page(file, at, files.length)),
      this.going.map((upload, at) => this.passing(upload, files.length + at + 1)));
    for (const image of list.querySelectorAll("img[data-preview]")) void this.chat.page?.preview(/** @type {HTMLImageElement} */ (image));
    return list;
  }

  /** @param {FileState} file @param {number} at @param {number} of */
  page(file, at, of) {
    const number = at + 1;
    const name = w("web.file.page", { number });
    /** @param {string} label @param {string} act @param {() => void} does */
    const button = (label, act, does) => {
      const made = h("button", { type: "button", class: "al-button", "data-at": `${act} ${file.id}` }, w(label), h("span", { class: "al-hidden" }, `: ${name}`));
      made.addEventListener("click", does);
      return made;
    };
    const move = (/** @type {number} */ by) => () => {
      [this.order[at], this.order[at + by]] = [this.order[at + by], this.order[at]];
      this.chat.store.set("al.order", JSON.stringify(this.order)); // a reload keeps it
      this.refresh();
      announce(w("web.file.page", { number: number + by }));
    };
    return h("li", { class: "al-page", "data-file": file.id, "data-state": file.state },
      file.preview && h("img", { class: "al-thumb", "data-preview": file.id, alt: w("web.file.picture", { number }), hidden: true }),
      h("div", null, h("p", { class: "al-page-name" }, h("strong", null, name), ` ${this.names.get(file.id) ?? ""}`, file.pages > 1 && ` (${w("web.file.count", { count: file.pages })})`),
        file.told && h("p", { class: "al-finding" }, file.told),
        button("web.file.remove", "remove", () => void this.remove(file.id)),
        file.state !== "refused" && [at > 0 && button("web.file.up", "up", move(-1)), at < of - 1 && button("web.file.down", "down", move(1))]));
  }

  /** @param {Upload} upload @param {number} number */
  passing(upload, number) {
    const failed = upload.state === "failed";
    const stop = h("button", { type: "button", class: "al-button", "data-at": `stop ${upload.key}` }, w(failed ? "web.file.remove" : "web.file.stop"));
    stop.addEventListener("click", () => this.forget(upload));
    return h("li", { class: "al-page", "data-state": upload.state },
      upload.picture && !failed && h("img", { class: "al-thumb", src: upload.picture, alt: w("web.file.picture", { number }) }),
      h("div", null, h("p", { class: "al-page-name" }, h("strong", null, w("web.file.page", { number })), ` ${upload.name}`),
        failed ? h("p", { class: "al-problem" }, w("web.problem", { problem: upload.text }))
          : h("progress", { "data-going": upload.key, max: upload.size, value: upload.sent, "aria-label": w("web.file.page", { number }) }), stop));
  }

  /** The button that ends the question, where there is something to hand in. @param {FileState[]} files */
  finish(files) {
    const usable = files.filter(({ state }) => state !== "refused").map(({ id }) => id);
    const ready = usable.length > 0 && !this.going.some(({ state }) => state === "sending");
    const made = ready ? [primary(w("web.file.done"), { name: "value", value: JSON.stringify({ files: usable, later: false }) })] : [];
    const place = byId("fertig");
    const later = /** @type {HTMLButtonElement | null} */ (place.parentElement?.querySelector("#fertig ~ button[name=value]"));
    if (later && !this.task) later.value = JSON.stringify({ files: usable, later: true }); // what is there already is not lost
    const had = place.contains(document.activeElement);
    place.replaceChildren(...made);
    if (had) made[0]?.focus();
    document.getElementById("waehlen")?.classList.toggle("al-button--primary", !ready);
  }
}

