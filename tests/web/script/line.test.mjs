// The line: streams where they get through, long polls else, and never in a hurry.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Nap, module, ready } from "./helpers.mjs";

const { Line, framesOf } = await module("line.js");

const encoder = new TextEncoder();
const frame = (cursor) => `event: turn\nid: ${cursor}\ndata: {"cursor": ${cursor}, "events": [], "state": {}}\n\n`;
const stream = (...pieces) => new Response(new ReadableStream({
  start(controller) {
    for (const piece of pieces) controller.enqueue(encoder.encode(piece));
    controller.close();
  },
}));
const held = (piece) => new Response(new ReadableStream({ start: (controller) => controller.enqueue(encoder.encode(piece)) }));
const json = (cursor, more = false) => Response.json({ cursor, events: [], state: {}, more });

/** A line whose requests are answered by `answers`; the last of them stays for good. */
function line(...answers) {
  const log = { asked: [], turns: [], lost: [], down: 0, up: 0 };
  const nap = new Nap();
  const made = new Line(async (accept, signal) => {
    log.asked.push(accept === "text/event-stream" ? "stream" : "poll");
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    return typeof answer === "function" ? answer(signal) : answer;
  }, {
    turns: ({ cursor }) => log.turns.push(cursor), lost: (status) => log.lost.push(status), up: () => (log.up += 1), down: () => (log.down += 1),
  }, nap, () => 0);
  return { made, log, nap };
}

const never = (signal) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new DOMException("aborted", "AbortError"))));
const away = () => Promise.reject(new TypeError("network"));
async function settle() {
  for (let round = 0; round < 5; round += 1) await ready();
}

test("frames are cut where they end, in whatever pieces they come", () => {
  const whole = `: \n\n${frame(3)}event: bye\r\ndata: {}\r\n\r\n`;
  for (let cut = 0; cut <= whole.length; cut += 1) {
    const [first, rest] = framesOf(whole.slice(0, cut));
    const [second, left] = framesOf(rest + whole.slice(cut));
    assert.deepEqual([...first, ...second].map(({ event }) => event), ["turn", "bye"], `cut at ${cut}`);
    assert.equal(left, "");
  }
  assert.deepEqual(framesOf("event: a\ndata: 1\ndata: 2\n\n")[0], [{ event: "a", data: "1\n2" }]);
});

test("turns of a stream are told, and a letter of two bytes may be cut in two", async () => {
  const bytes = encoder.encode('event: turn\ndata: {"cursor": 4, "text": "ä"}\n\n');
  const cut = bytes.indexOf(0xc3) + 1;
  const { made, log } = line(new Response(new ReadableStream({ start: (to) => (to.enqueue(bytes.slice(0, cut)), to.enqueue(bytes.slice(cut)), to.close()) })));
  made.start();
  await settle();
  assert.deepEqual(log.turns, [4]);
  made.stop();
});

test("three streams that break soon, and it polls; at least two seconds lie between polls", async () => {
  const { made, log, nap } = line(stream(": \n\n"), stream(": \n\n"), stream(frame(2)), json(3), never);
  made.start();
  for (let round = 0; round < 4; round += 1) {
    await settle();
    nap.wake();
  }
  await settle();
  assert.deepEqual(log.asked, ["stream", "stream", "stream", "poll", "poll"]);
  assert.deepEqual(log.turns, [2, 3]);
  assert.ok(nap.waits[3] >= 2000);
  made.stop();
});

test("no byte within five seconds, and it polls", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { made, log, nap } = line(never, json(1), never);
  made.start();
  await settle();
  mock.timers.tick(4999);
  await settle();
  assert.deepEqual(log.asked, ["stream"]);
  mock.timers.tick(1);
  await settle();
  nap.wake();
  await settle();
  assert.deepEqual([log.asked[1], log.down], ["poll", 0]);
  made.stop();
  mock.timers.reset();
});

test("a stream that falls silent later is asked for again", async () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  const silent = (signal) => {
    const response = held(": \n\n");
    const body = response.body.getReader();
    return { ok: true, body: { getReader: () => ({ read: () => Promise.race([body.read(), never(signal)]) }) } };
  };
  const { made, log, nap } = line(silent, never);
  made.start();
  await settle();
  mock.timers.tick(44_999);
  await settle();
  assert.equal(log.asked.length, 1);
  mock.timers.tick(1);
  await settle();
  nap.wake();
  await settle();
  assert.deepEqual(log.asked, ["stream", "stream"]);
  made.stop();
  mock.timers.reset();
});

test("replaced by another tab, it polls; a server that closes is asked for a stream again", async () => {
  for (const [reason, then] of [["replaced", "poll"], ["closing", "stream"]]) {
    const { made, log, nap } = line(stream(`event: bye\ndata: {"reason": "${reason}"}\n\n`), never);
    made.start();
    await settle();
    nap.wake();
    await settle();
    assert.deepEqual(log.asked, ["stream", then]);
    made.stop();
  }
});

test("a network that is away is said, and asked with growing waits", async () => {
  const { made, log, nap } = line(away);
  made.start();
  for (let round = 0; round < 3; round += 1) {
    await settle();
    nap.wake();
  }
  await settle();
  assert.deepEqual(nap.waits, [400, 1200, 3600, 8000]);
  assert.deepEqual([log.down, new Set(log.asked)], [4, new Set(["stream"])]);
  made.stop();
});

test("a token that opens nothing is told; a busy server is given its time", async () => {
  const gone = line(new Response("", { status: 410 }));
  gone.made.start();
  await settle();
  assert.deepEqual(gone.log.lost, [410]);
  gone.made.stop();
  const busy = line(new Response("", { status: 429, headers: { "Retry-After": "9" } }), never);
  busy.made.start();
  await settle();
  assert.deepEqual([busy.nap.waits, busy.log.lost], [[9000], []]);
  busy.made.stop();
});

test("stopped, it asks nothing more; started twice, it asks once", async () => {
  const { made, log, nap } = line(never);
  made.start();
  made.start();
  await settle();
  made.stop();
  nap.wake();
  await settle();
  assert.deepEqual(log.asked, ["stream"]);
});
