// @ts-check
// The law of this module: news come by a stream where one gets through, else by long polls; one reader at a time, and
// never in a hurry. It is loaded late: answers alone are enough to go on.

import { Nap, backoff } from "./core.js";

/** @typedef {import("./types").Turns} Turns */

/** The frames of a stream that are whole, and what is left. @param {string} text
 * @returns {[{event: string, data: string}[], string]} */
export function framesOf(text) {
  const blocks = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = blocks.pop() ?? "";
  const frames = blocks.map((block) => {
    const said = (/** @type {string} */ name) => block.split("\n").filter((line) => line.startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1).replace(/^ /, "")).join("\n");
    return { event: said("event"), data: said("data") };
  });
  return [frames.filter(({ event }) => event !== ""), rest];
}

/** News of the server: a stream where one gets through, else long polls. One reader at a time; `stop` ends it at once. */
export class Line {
  polling = false;
  broken = 0;
  /** @type {AbortController | null} */
  #open = null;

  /**
   * @param {(accept: string, signal: AbortSignal) => Promise<Response>} ask  `GET /events` after our cursor
   * @param {{turns(turns: Turns): void, lost(status: number): void, up(): void, down(): void}} on
   */
  constructor(ask, on, nap = new Nap(), random = Math.random) {
    this.ask = ask;
    this.on = on;
    this.nap = nap;
    this.random = random;
  }

  start() {
    if (this.#open) return;
    this.#open = new AbortController();
    void this.#run(this.#open.signal);
  }

  stop() {
    this.#open?.abort();
    this.#open = null;
    this.nap.wake();
  }

  /** @param {AbortSignal} stopped */
  async #run(stopped) {
    for (let tries = 0; !stopped.aborted; ) {
      let wait = 0;
      try {
        wait = this.polling ? await this.#poll(stopped) : await this.#read(stopped);
        tries = 0;
      } catch {
        if (stopped.aborted) return;
        this.on.down();
        wait = backoff(tries++, this.random);
      }
      if (!stopped.aborted) await this.nap.sleep(wait);
    }
  }

  /** @param {AbortSignal} stopped */
  async #poll(stopped) {
    const response = await this.ask("application/json", AbortSignal.any([stopped, AbortSignal.timeout(30_000)]));
    if (!response.ok) return this.#refused(response);
    const turns = await response.json();
    this.on.up();
    this.on.turns(turns);
    return turns.more ? 0 : 2000 + 1000 * this.random();
  }

  /** Reads one stream to its end. Returns how long to wait before the next. @param {AbortSignal} stopped */
  async #read(stopped) {
    const attempt = new AbortController();
    const began = Date.now();
    let silent = true;
    let timer = setTimeout(() => attempt.abort(), 5000);
    const alive = () => {
      silent = false;
      clearTimeout(timer);
      timer = setTimeout(() => attempt.abort(), 45_000);
      this.on.up();
    };
    try {
      const response = await this.ask("text/event-stream", AbortSignal.any([stopped, attempt.signal]));
      if (!response.ok) return this.#refused(response);
      if (await this.#frames(response, alive)) return 0;
    } catch (error) {
      if (stopped.aborted) throw error;
      if (silent && attempt.signal.aborted && (this.polling = true)) return 0; // something on the way holds streams back
      if (silent) throw error;
    } finally {
      clearTimeout(timer);
      attempt.abort();
    }
    this.broken = Date.now() - began > 60_000 ? 1 : this.broken + 1;
    this.polling ||= this.broken >= 3;
    return backoff(this.broken - 1, this.random);
  }

  /** True: the server gave our place to another tab. @param {Response} response @param {() => void} alive */
  async #frames(response, alive) {
    const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
    const decoder = new TextDecoder();
    for (let rest = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return false;
      alive();
      const [frames, left] = framesOf(rest + decoder.decode(value, { stream: true }));
      rest = left;
      for (const { event, data } of frames) {
        if (event === "turn") this.on.turns(JSON.parse(data));
        if (event === "bye" && JSON.parse(data).reason === "replaced") return (this.polling = true);
      }
    }
  }

  /** @param {Response} response */
  #refused(response) {
    const { status } = response;
    if (status === 429 || status >= 500) return Math.max(2, Number(response.headers.get("Retry-After")) || 0) * 1000;
    this.on.lost(status);
    return 8000;
  }
}
