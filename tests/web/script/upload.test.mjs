// Files on their way: what a reload cuts off goes on where the server has it, once the very same file is chosen again.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { module, question, ready, state, store } from "./helpers.mjs";

globalThis.window = { addEventListener() {} };
Object.defineProperty(globalThis, "navigator", { value: { onLine: true }, configurable: true });
globalThis.location = { href: "https://example.org/chat" };
const elements = { aufgabe: { addEventListener() {} }, ansage: { append() {} } };
const page = { getElementById: (id) => elements[id] ?? null, addEventListener() {}, createElement: () => ({ setAttribute() {}, append() {}, remove() {} }) };

const ASKED = question("nachweis", "evidence");
const PIECE = 256 * 1024;
const bytes = (size, seed) => Uint8Array.from({ length: size }, (_, at) => (at * 31 + seed) % 251);
const file = (seed, name = "bescheid.pdf") => new File([bytes(PIECE * 2 + 7, seed)], name, { type: "application/pdf" });

/** The server's side of tus; `breaks` ends every request after so many. */
class Server {
  files = new Map();
  asked = [];
  breaks = Infinity;
  made = 0;
  async fetch(address, { method, headers = {}, body }) {
    if (this.breaks-- <= 0) return new Promise(() => {}); // the page is gone before an answer comes
    this.asked.push(`${method} ${address}`);
    if (method === "POST") {
      const made = `/api/v1/files/f_${(this.made += 1)}`;
      this.files.set(made, { length: Number(headers["Upload-Length"]), got: new Uint8Array() });
      return new Response(null, { status: 201, headers: { Location: made } });
    }
    const known = this.files.get(address);
    if (!known) return Response.json({ detail: "gone" }, { status: 404 });
    if (method === "DELETE") return (this.files.delete(address), new Response(null, { status: 204 }));
    if (method === "PATCH" && Number(headers["Upload-Offset"]) !== known.got.length) return Response.json({}, { status: 409 });
    if (method === "PATCH") known.got = new Uint8Array(await new Blob([known.got, body]).arrayBuffer());
    return new Response(null, { status: method === "HEAD" ? 200 : 204, headers: { "Upload-Offset": `${known.got.length}` } });
  }
}

let server, kept, Uploads;

/** A page that was just loaded. The store is all that a reload leaves. */
function load() {
  const chat = {
    store: kept, token: "at_1", told: [], model: { events: [], now: state(ASKED), cursor: 1 }, page: { asked: ASKED }, headers: (more) => more,
    status(text) { this.told.push(text); }, away() {}, gone(status) { this.left = status; }, insist: async () => ({ status: 200, data: {} }), update() {},
  };
  return new Uploads(chat, ASKED);
}

/** Until nothing more happens. */
async function settled(done) {
  for (let turns = 0; !done(); turns += 1) {
    assert.ok(turns < 5000, JSON.stringify([server.asked, server.breaks, [...kept.held]]));
    await ready();
  }
}

beforeEach(async () => {
  globalThis.document = undefined;
  ({ Uploads } = await module("upload.js"));
  globalThis.document = page;
  server = new Server();
  kept = store();
  globalThis.fetch = (address, options) => server.fetch(address, options);
});

/** A first page whose upload was cut off after one piece. */
async function cutOff(chosen) {
  server.breaks = 2;
  const first = load();
  first.limits = {};
  first.add([chosen]);
  await settled(() => server.breaks < 0 && kept.held.has("al.uploads"));
  server.breaks = Infinity;
  server.asked = [];
}

/** The same page again, in a fresh copy of the module, as a reload has it. */
async function reloaded() {
  ({ Uploads } = await module(`upload.js?${Math.random()}`));
  return load();
}

test("a reload tells which file was cut off, and the same file goes on where the server has it", async () => {
  await cutOff(file(1));
  const again = await reloaded();
  await settled(() => server.asked.length);
  await ready();
  const [unfinished] = again.going;
  assert.deepEqual([unfinished.name, unfinished.state, unfinished.text, unfinished.sent], ["bescheid.pdf", "failed", "web.file.unfinished", PIECE]);
  again.add([file(1)]);
  await settled(() => !again.running && again.going.every((each) => each.state === "done"));
  const address = "/api/v1/files/f_1";
  assert.deepEqual(server.asked, [`HEAD ${address}`, `PATCH ${address}`, `PATCH ${address}`]);
  assert.deepEqual(server.files.get(address).got, bytes(PIECE * 2 + 7, 1));
  assert.equal(kept.held.has("al.uploads"), false);
});

test("another file of that name takes its place: nothing is mixed", async () => {
  await cutOff(file(1));
  const again = await reloaded();
  again.add([file(2)]);
  await settled(() => !again.running && again.going.length === 1 && again.going[0].state === "done");
  assert.ok(server.asked.includes("DELETE /api/v1/files/f_1"));
  assert.equal(server.files.size, 1);
  const [[address, { got }]] = server.files;
  assert.notEqual(address, "/api/v1/files/f_1");
  assert.deepEqual(got, bytes(PIECE * 2 + 7, 2));
});

test("what the server has no more is not asked for again; what it has whole is done", async () => {
  await cutOff(file(1));
  server.files.delete("/api/v1/files/f_1");
  const gone = await reloaded();
  await settled(() => gone.going.length === 0);
  assert.equal(kept.held.has("al.uploads"), false);
  await cutOff(file(1));
  const [[, known]] = server.files;
  known.got = bytes(PIECE * 2 + 7, 1);
  const whole = await reloaded();
  await settled(() => whole.going.every((each) => each.state === "done"));
  assert.equal(kept.held.has("al.uploads"), false);
});

test("a page that stays does not take its own upload for one that was cut off", async () => {
  await cutOff(file(1));
  assert.deepEqual(load().going, []);
});

test("a case that is gone ends the upload", async () => {
  const uploads = load();
  server.fetch = async (address) => (server.asked.push(address), new Response(null, { status: 410 }));
  uploads.add([file(1)]);
  await settled(() => !uploads.running);
  assert.deepEqual([server.asked.length, uploads.chat.left], [1, 410]);
});
