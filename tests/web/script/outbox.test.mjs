// The outbox: stored before sent, in order, again until answered, never twice, never in a hurry but when the network is back.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Nap, module, ready, store } from "./helpers.mjs";

const { Outbox, backoff, storeOf, uuid } = await module("core.js");

const entry = (id) => ({ body: { id, text: id }, shown: id });
const ok = { status: 200, data: {}, after: 0 };
const reply = (status, after = 0) => ({ status, data: { detail: "darum" }, after });

/** An outbox whose sends are answered by `answers`, one after the other: a reply, or null for silence. */
function outbox(answers, held = store()) {
  const log = { sent: [], done: [], refused: [], failed: 0, pending: [], stored: [] };
  const nap = new Nap();
  const box = new Outbox(held, async (each) => {
    log.sent.push(each.body.id);
    log.stored.push(held.get("al.outbox"));
    const answer = answers.shift();
    if (!answer) throw new TypeError("offline");
    return answer;
  }, {
    changed: (entries) => log.pending.push(entries.length),
    sent: (_, each) => log.done.push(each.body.id),
    refused: (_, each) => log.refused.push(each.body.id),
    failed: () => (log.failed += 1),
  }, nap, () => 0);
  return { box, log, nap, held };
}

test("an answer is stored before it is sent, and forgotten when it is answered", async () => {
  const { box, log, held } = outbox([ok]);
  await box.put(entry("a"));
  assert.match(log.stored[0], /"a"/);
  assert.equal(held.get("al.outbox"), null);
  assert.deepEqual(log.pending, [1, 0]);
});

test("answers are sent in their order, the second not before the first is answered", async () => {
  const { box, log, nap } = outbox([null, ok, ok]);
  void box.put(entry("a"));
  void box.put(entry("b"));
  await ready();
  assert.deepEqual(log.sent, ["a"]);
  nap.wake();
  await ready();
  assert.deepEqual([log.sent, log.done], [["a", "a", "b"], ["a", "b"]]);
});

test("silence, 429 and 5xx are tried again with the same id", async () => {
  const { box, log, nap } = outbox([null, reply(503), reply(429), reply(500), ok]);
  void box.put(entry("a"));
  for (let tries = 0; tries < 4; tries += 1) {
    await ready();
    nap.wake();
  }
  await ready();
  assert.deepEqual(log.sent, ["a", "a", "a", "a", "a"]);
  assert.deepEqual([log.done, log.failed], [["a"], 4]);
});

test("a 4xx is final: told once, not sent again", async () => {
  const { box, log } = outbox([reply(422), ok]);
  await box.put(entry("a"));
  await box.put(entry("b"));
  assert.deepEqual([log.sent, log.refused, log.done], [["a", "b"], ["a"], ["b"]]);
});

test("a reload finds what was not answered, and sends it with its id", async () => {
  const first = outbox([null]);
  void first.box.put(entry("a"));
  await ready();
  const second = outbox([ok], first.held);
  assert.equal(second.box.entries.length, 1);
  await second.box.run();
  assert.deepEqual([second.log.done, second.held.get("al.outbox")], [["a"], null]);
});

test("what is stored and unreadable is nothing", () => {
  assert.deepEqual(outbox([], store({ "al.outbox": "{" })).box.entries, []);
});

test("online cuts the wait short, but not where the server asked to wait", async () => {
  const { box, log, nap } = outbox([null, reply(429, 7), ok]);
  void box.put(entry("a"));
  await ready();
  box.hurry();
  await ready();
  assert.equal(log.sent.length, 2);
  assert.equal(nap.waits.at(-1), 7000);
  box.hurry();
  await ready();
  assert.equal(log.sent.length, 2);
  nap.wake();
  await ready();
  assert.deepEqual(log.done, ["a"]);
});

test("one runner only, however often it is asked to run", async () => {
  const { box, log } = outbox([ok]);
  box.entries = [entry("a")];
  await Promise.all([box.run(), box.run(), box.run()]);
  assert.deepEqual(log.sent, ["a"]);
});

test("cleared while on its way: the late reply changes nothing", async () => {
  const { box, log } = outbox([ok]);
  const sending = box.put(entry("a"));
  box.clear();
  await sending;
  assert.deepEqual([log.done, box.entries], [[], []]);
});

test("a reply that the page cannot bear does not stop the outbox", async () => {
  const { box, log } = outbox([ok, ok]);
  box.on.sent = () => {
    throw new Error("broken page");
  };
  await assert.rejects(box.put(entry("a")), /broken page/);
  box.on.sent = (_, each) => log.done.push(each.body.id);
  await box.put(entry("b"));
  assert.deepEqual(log.done, ["b"]);
});

test("the waits grow from 0.4 s to 8 s and a quarter more; never more than ten tries a minute", () => {
  for (const random of [() => 0, () => 0.999999]) {
    const waits = Array.from({ length: 12 }, (_, tries) => backoff(tries, random));
    assert.ok(waits[0] >= 400 && waits[0] <= 500);
    assert.ok(waits.every((wait, at) => wait <= 10_000 && (at === 0 || wait >= waits[at - 1])));
    let [elapsed, sent] = [0, 0];
    for (let tries = 0; elapsed < 60_000; tries += 1) {
      sent += 1;
      elapsed += backoff(tries, random);
    }
    assert.ok(sent <= 10, `${sent} in a minute`);
  }
});

test("a browser without storage: everything works, nothing lasts", () => {
  const forbidden = storeOf(() => {
    throw new Error("SecurityError");
  });
  forbidden.set("a", "1");
  assert.deepEqual([forbidden.lasting, forbidden.get("a")], [false, "1"]);
  forbidden.drop("a");
  assert.equal(forbidden.get("a"), null);
});

test("a full storage keeps in memory what must be sent", () => {
  const full = storeOf(() => ({ getItem: () => null, removeItem() {}, setItem: (key) => { if (key !== "al.probe") throw new Error("QuotaExceeded"); } }));
  full.set("al.outbox", "[1]");
  assert.deepEqual([full.lasting, full.get("al.outbox")], [true, "[1]"]);
});

test("ids are uuids, and all different", () => {
  const ids = new Set(Array.from({ length: 50 }, uuid));
  assert.equal(ids.size, 50);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
