// Small things the tests of the page's modules share: events, states, questions, a store, a nap without a clock.

const STATIC = new URL("../../../bot/web/static/", import.meta.url);
export const module = (name) => import(new URL(name, STATIC));
export const folder = STATIC;

export const said = (turn, part, text, more = {}) => ({ turn, part, at: "2026-11-23T14:03:00Z", from: "bot", kind: "said", text, ...more });
export const answered = (turn, part, text, question) => said(turn, part, text, { from: "applicant", kind: "answered", question });
export const question = (id, kind, more = {}) => ({ id, kind, text: `${id}?`, required: true, unsure: false, sensitive: null, ...more });
export const state = (open, more = {}) => ({ api: 1, phase: "asking", actions: [], submissions: [], tasks: [], question: open, position: null, ...more });

export function store(content = {}) {
  const held = new Map(Object.entries(content));
  return { held, get: (key) => held.get(key) ?? null, set: (key, value) => void held.set(key, value), drop: (key) => void held.delete(key) };
}

/** A nap that ends when the test says so, and remembers how long it should have been. */
export class Nap {
  waits = [];
  #end = () => {};
  sleep(ms) {
    this.waits.push(ms);
    return new Promise((resolve) => (this.#end = resolve));
  }
  wake() {
    this.#end();
  }
}

/** Lets everything that is ready run. */
export const ready = () => new Promise((resolve) => setImmediate(resolve));
