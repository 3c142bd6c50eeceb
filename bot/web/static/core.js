// @ts-check
// The law of this module: no document, no clock and no storage of its own. What the page knows is a model, what
// happens is an action, and `reduce` makes the next model. What goes over the wire is made and read here alone.

/** @typedef {import("./types").Event} Event */
/** @typedef {import("./types").Question} Question */
/** @typedef {import("./types").Turns} Turns */
/** @typedef {import("./types").Body} Body */
/** @typedef {import("./types").Entry} Entry */
/** @typedef {import("./types").Reply} Reply */
/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").Store} Store */
/** @typedef {import("./types").Message} Message */
/** @typedef {import("./types").Field} Field */

// -- the model ------------------------------------------------------------------------------------------------------

/** @returns {Model} what a page knows before anything happened */
export const blank = () => ({ cursor: 0, events: [], now: null, pending: [], slip: "" });

/**
 * The next model. A turn that is known already is dropped, and so is a state older than ours.
 * @param {Model} model
 * @param {{type: "turns", turns: Turns} | {type: "pending", pending: Entry[]} | {type: "refused", text: string}
 *   | {type: "anew"}} action
 * @returns {Model}
 */
export function reduce(model, action) {
  switch (action.type) {
    case "anew":
      return { ...blank(), pending: model.pending };
    case "pending":
      return { ...model, pending: [...action.pending] };
    case "refused":
      return { ...model, slip: action.text };
    case "turns": {
      const { cursor, events, state } = action.turns;
      if (cursor < model.cursor) return model;
      const fresh = events.filter((event) => event.turn > model.cursor);
      const slip = cursor > model.cursor ? "" : model.slip;
      return { ...model, cursor, events: fresh.length ? [...model.events, ...fresh] : model.events, now: state, slip };
    }
  }
}

const ELSEWHERE = /^core\.(section|example|old_answer|suggestion|commands|declaration|subsidy_relevant|ready(\.more)?|paused|ended|summary(\.end)?|lines|demo_date)$/;
const IN_REVIEW = /^core\.(verdict\.|criterion|estimate|review\.evidence)/;

/**
 * The sentence that put the open question, if the last turns hold it. @param {Model} model
 * @returns {Event | undefined}
 */
export function asking({ events, now }) {
  const open = now?.question;
  if (!open) return undefined;
  const asks = (/** @type {Event} */ event) => event.kind === "said" && event.from !== "applicant"
    && (event.text === open.text || event.question === open.id);
  return events.findLast((event) => event.turn === events.at(-1)?.turn && asks(event)) ?? events.findLast(asks);
}

/** Why the last answer was not taken: a refusal of the server, or the slip told in the turn that put the question.
 * @param {Model} model */
export function slipOf(model) {
  if (model.slip) return model.slip;
  const asked = asking(model);
  const last = model.events.findLast((event) => event.kind === "problem");
  if (asked && last && last.turn === asked.turn) return last.text ?? "";
  const open = model.now?.question;
  return open?.because && !open.proposals && !open.task ? open.because : "";
}

/**
 * The history: every sentence but those which the task shows.
 * @param {Model} model
 * @returns {Message[]}
 */
export function history(model) {
  const asked = asking(model);
  const open = model.now?.question;
  const last = model.events.at(-1)?.turn;
  const reviews = !open || open.id.startsWith("@declaration");
  const slipped = model.events.some(({ turn, kind }) => kind === "problem" && turn === asked?.turn);
  const task = `${open?.text ?? ""}\n${open?.why ?? ""}\n${open?.because ?? ""}`;
  const hidden = (/** @type {Event} */ { turn, from, kind, text = "", place = "" }) => text === "" || kind === "file" || ELSEWHERE.test(place)
    || (turn === last && reviews && IN_REVIEW.test(place))
    || (turn === asked?.turn && (kind === "problem" || (from === "bot" ? task.includes(text) : slipped && from === "applicant")));
  const told = model.events.filter((event) => event !== asked && !hidden(event)).map(({ turn, part, from, kind, text = "" }) =>
    ({ key: `${turn}.${part}`, from, kind, text }));
  const pending = model.pending.map((entry) => ({ key: entry.body.id, from: "applicant", kind: "pending", text: entry.shown }));
  return [...told, ...pending.filter((each) => each.text)];
}

// -- fields: what a kind of question shows, and what it sends -----------------------------------------------------------

const PARTS = {
  person_name: ["given", "family"],
  address: ["street", "house_number", "postal_code", "city"],
  register: ["court", "type", "number"],
};
const MANY = new Set(["many_of", "rows_of"]);

/** How a question is answered. An unknown kind is a line of text. @param {Question} question @returns {Field} */
export function fieldOf(question) {
  const choices = question.choices ?? [];
  const parts = PARTS[/** @type {keyof typeof PARTS} */ (question.kind)];
  if (question.kind === "evidence") return { as: "evidence", parts: [] };
  if (parts) return { as: "parts", parts };
  if (MANY.has(question.kind) && choices.length) return { as: "checks", parts: [] };
  if (choices.length) return { as: choices.length <= 5 ? "buttons" : "radios", parts: [] };
  if (question.kind === "period") return { as: "range", parts: ["from", "to"] };
  return { as: question.kind === "long_text" ? "area" : "line", parts: [] };
}

/**
 * What a filled form sends, and how it is shown until the answer is there. null: nothing was filled in.
 * @param {Question} question
 * @param {[string, string][]} filled  names and values as a form has them
 * @returns {{sends: Omit<Body, "id">, shown: string} | null}
 */
export function answerOf(question, filled) {
  const all = (/** @type {string} */ name) => filled.filter(([key]) => key === name).map(([, value]) => value.trim());
  const one = (/** @type {string} */ name) => all(name)[0] ?? "";
  const field = fieldOf(question);
  const labels = (/** @type {string[]} */ raws) => raws.map((raw) => labelOf(question, raw)).join(", ");
  if (all("value").length) return { sends: { question: question.id, value: JSON.parse(one("value")) }, shown: labels(all("value")) };
  if (field.as === "checks") {
    const picked = all("pick");
    return picked.length ? { sends: { question: question.id, value: picked.map((raw) => JSON.parse(raw)) }, shown: labels(picked) } : null;
  }
  if (field.as === "parts") {
    const value = Object.fromEntries(field.parts.map((part) => [part, one(`value.${part}`)]));
    const shown = Object.values(value).filter(Boolean).join(" ");
    return shown ? { sends: { question: question.id, value }, shown } : null;
  }
  const text = field.as === "range" ? [one("from"), one("to")].filter(Boolean).join(" bis ") : one("text");
  return text ? { sends: { question: question.id, text }, shown: text } : null;
}

/** The label of a value among everything that the question offers. @param {Question} question @param {string} raw */
export function labelOf(question, raw) {
  const offered = [...(question.proposals ?? []), ...(question.choices ?? [])];
  if (JSON.stringify(question.suggestion) === raw) return question.suggestion_text ?? "";
  return offered.find((choice) => JSON.stringify(choice.value) === raw)?.label ?? "";
}

/** The name and target of an action's button: "correct iban". @param {string} raw @returns {[string, string]} */
export const actionOf = (raw) => {
  const [name = "", ...rest] = raw.split(" ");
  return [name, rest.join(" ")];
};

/** The resume code among what the assistant said, "" without. @param {Event[]} events */
export const codeSaid = (events) => events.filter(({ from }) => from === "bot")
  .map(({ text = "" }) => /\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b/.exec(text)?.[0]).find(Boolean) ?? "";

/** A sentence with its {names} filled in. @param {string} text @param {Record<string, string | number>} values */
export const filledIn = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));

// -- the wire -------------------------------------------------------------------------------------------------------

/** Milliseconds until the next try: 0.4 s, 1.2 s, 3.6 s, 8 s, and up to a quarter more: ten tries a minute at most.
 * @param {number} tries how many have failed before this one */
export const backoff = (tries, random = Math.random) => Math.min(8000, 400 * 3 ** tries) * (1 + random() / 4);

/** A new uuid; `crypto.randomUUID` would be missing over plain http. */
export function uuid() {
  const address = URL.createObjectURL(new Blob());
  URL.revokeObjectURL(address);
  return address.slice(-36);
}

/** Storage that never throws: memory only where the browser forbids it; `lasting` says which. @param {() => Storage} open */
export function storeOf(open) {
  /** @type {Map<string, string>} */
  const memory = new Map();
  /** @param {(inner: Storage) => string | null | void} use */
  const attempt = (use) => {
    try {
      return use(open()) ?? null;
    } catch {
      return undefined;
    }
  };
  return {
    lasting: attempt((inner) => (inner.setItem("al.probe", "1"), inner.removeItem("al.probe"))) !== undefined,
    get: (/** @type {string} */ key) => memory.get(key) ?? attempt((inner) => inner.getItem(key)) ?? null,
    set: (/** @type {string} */ key, /** @type {string} */ value) => void (memory.set(key, value), attempt((inner) => inner.setItem(key, value))),
    drop: (/** @type {string} */ key) => void (memory.delete(key), attempt((inner) => inner.removeItem(key))),
  };
}

/** Sleeping that can be cut short: `wake` ends every wait at once. */
export class Nap {
  /** @type {Set<() => void>} */
  #asleep = new Set();
  /** @param {number} ms @returns {Promise<void>} */
  sleep(ms) {
    return new Promise((resolve) => {
      const end = () => (clearTimeout(timer), this.#asleep.delete(end), resolve());
      const timer = setTimeout(end, ms);
      this.#asleep.add(end);
    });
  }
  wake() {
    for (const end of [...this.#asleep]) end();
  }
}

/**
 * Answers on their way: each is stored before it is sent, sent in order, and sent again until the server has answered.
 * A 4xx is final and explained; 429, 5xx and silence are tried again with the same id.
 */
export class Outbox {
  /** @type {Entry[]} */
  entries = [];
  running = false;
  patient = false; // the server asked us to wait: not even `online` cuts that short

  /**
   * @param {Store} store
   * @param {(entry: Entry) => Promise<Reply>} send  rejects where no reply came
   * @param {{changed(entries: Entry[]): void, sent(reply: Reply, entry: Entry): void,
   *   refused(reply: Reply, entry: Entry): void, failed(reply: Reply | null): void}} on
   */
  constructor(store, send, on, nap = new Nap(), random = Math.random) {
    this.store = store;
    this.send = send;
    this.on = on;
    this.nap = nap;
    this.random = random;
    try {
      this.entries = JSON.parse(store.get("al.outbox") ?? "[]");
    } catch {
      this.entries = [];
    }
  }

  /** @param {Entry} entry */
  put(entry) {
    this.entries = [...this.entries, entry];
    this.#keep();
    return this.run();
  }

  /** Sends what is there, one after the other, until nothing is left. */
  async run() {
    if (this.running) return;
    this.running = true;
    try {
      for (let tries = 0; this.entries.length; ) tries = await this.#attempt(this.entries[0], tries);
    } finally {
      this.running = false;
    }
  }

  /** One try. Returns how many have failed since the last reply. @param {Entry} entry @param {number} tries */
  async #attempt(entry, tries) {
    const reply = await this.send(entry).catch(() => null);
    if (entry !== this.entries[0]) return 0; // cleared meanwhile
    if (!reply || reply.status === 429 || reply.status >= 500) {
      this.on.failed(reply);
      this.patient = (reply?.after ?? 0) > 0;
      await this.nap.sleep(Math.max(backoff(tries, this.random), (reply?.after ?? 0) * 1000));
      return tries + 1;
    }
    this.entries = this.entries.slice(1);
    if (reply.status < 400) this.on.sent(reply, entry);
    this.#keep();
    if (reply.status >= 400) this.on.refused(reply, entry);
    return 0;
  }

  /** The network is back: the wait is over. */
  hurry() {
    if (!this.patient) this.nap.wake();
  }

  clear() {
    this.entries = [];
    this.#keep();
    this.nap.wake();
  }

  #keep() {
    if (this.entries.length) this.store.set("al.outbox", JSON.stringify(this.entries));
    else this.store.drop("al.outbox");
    this.on.changed(this.entries);
  }
}
