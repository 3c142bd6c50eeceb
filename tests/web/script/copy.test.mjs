// A copy of everything: fetched with the token, given to the browser as a file; what fails is said.

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { module } from "./helpers.mjs";

const { download } = await module("copy.js");
let made, requests, answers;

class Link {
  attributes = {};
  setAttribute(name, value) {
    this.attributes[name] = value;
  }
  append() {}
  click() {
    made.push(this.attributes);
  }
}

beforeEach(() => {
  [made, requests] = [[], []];
  globalThis.document = { createElement: () => new Link() };
  globalThis.fetch = async (address, { headers }) => (requests.push([address, headers]), answers());
});

const chat = () => ({
  told: [], left: [], model: { now: { reference: "AL-7K3M-Q9XD" } },
  headers: () => ({ Authorization: "Bearer at_1" }), status(text) { this.told.push(text); }, away() { this.told.push("away"); }, gone(status) { this.left.push(status); },
});

test("the token fetches it, the browser gets a file with the number of the case", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  answers = () => new Response("PK");
  const session = chat();
  await download(session);
  assert.deepEqual(requests, [["/api/v1/export", { Authorization: "Bearer at_1" }]]);
  assert.deepEqual(made.map((link) => link.download), ["AL-7K3M-Q9XD.zip"]);
  assert.equal(await (await (await import("node:buffer")).resolveObjectURL(made[0].href)).text(), "PK");
  assert.deepEqual(session.told, ["web.status.moment", "web.export.done"]);
});

test("what breaks off is no copy; no reply is no connection; a case that is gone is said to be gone", async () => {
  const broken = new ReadableStream({ start: (stream) => stream.error(new Error("away")) });
  for (const [answer, told] of [[() => new Response(broken), "web.refused.title"], [() => new Response("", { status: 503 }), "web.refused.title"],
    [() => { throw new TypeError("network"); }, "away"]]) {
    answers = answer;
    const session = chat();
    await download(session);
    assert.equal(session.told.at(-1), told);
  }
  for (const status of [401, 410]) {
    answers = () => new Response("", { status });
    const session = chat();
    await download(session);
    assert.deepEqual(session.left, [status]);
  }
  assert.deepEqual(made, []);
});
