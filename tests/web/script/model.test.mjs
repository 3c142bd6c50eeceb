// The model: what a page knows, made from what the server says, and what of it the history tells.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, module, question, said, state } from "./helpers.mjs";

const { blank, codeSaid, filledIn, history, reduce, slipOf } = await module("core.js");

const turns = (cursor, events, open = question("name", "short_text")) => ({ type: "turns", turns: { cursor, events, state: state(open) } });
const texts = (model) => history(model).map(({ text }) => text);

test("a turn that is known already is dropped", () => {
  const first = reduce(blank(), turns(2, [said(1, 0, "Guten Tag"), said(2, 0, "Gut")]));
  const again = reduce(first, turns(2, [said(2, 0, "Gut")]));
  const more = reduce(again, turns(3, [said(2, 0, "Gut"), said(3, 0, "Weiter")]));
  assert.deepEqual(more.events.map(({ text }) => text), ["Guten Tag", "Gut", "Weiter"]);
  assert.equal(more.cursor, 3);
});

test("a state older than ours changes nothing", () => {
  const newer = reduce(blank(), turns(5, [said(5, 0, "neu")], question("neu", "date")));
  assert.equal(reduce(newer, turns(4, [said(4, 0, "alt")], question("alt", "date"))), newer);
});

test("a model is never changed, only followed by another", () => {
  const before = Object.freeze(reduce(blank(), turns(1, [said(1, 0, "eins")])));
  Object.freeze(before.events);
  assert.notEqual(reduce(before, turns(2, [said(2, 0, "zwei")])), before);
  assert.equal(before.events.length, 1);
});

test("beginning anew keeps what is on its way, and nothing else", () => {
  const entry = { body: { id: "1", text: "Max" }, shown: "Max" };
  const model = reduce(reduce(reduce(blank(), turns(3, [said(3, 0, "x")])), { type: "pending", pending: [entry] }), { type: "anew" });
  assert.deepEqual(model, { ...blank(), pending: [entry] });
});

test("the open question stands in the task, not in the history; once answered, it does", () => {
  const open = question("name", "short_text", { text: "Wie heißen Sie?" });
  const asked = said(1, 1, "Wie heißen Sie?", { question: "name" });
  const model = reduce(blank(), turns(1, [said(1, 0, "Guten Tag"), asked], open));
  assert.deepEqual(texts(model), ["Guten Tag"]);
  const next = said(2, 1, "Wann sind Sie geboren?", { question: "geboren" });
  const after = reduce(model, turns(2, [answered(2, 0, "Max", "name"), next], question("geboren", "date", { text: next.text })));
  assert.deepEqual(texts(after), ["Guten Tag", "Wie heißen Sie?", "Max"]);
});

test("news without a question leave the open question where it is", () => {
  const open = question("name", "short_text", { text: "Wie heißen Sie?" });
  const model = reduce(reduce(blank(), turns(1, [said(1, 0, open.text, { question: "name" })], open)), turns(2, [said(2, 0, "Die Datei ist da.")], open));
  assert.deepEqual(texts(model), ["Die Datei ist da."]);
});

test("what the task shows itself is left out", () => {
  const open = question("@notice[alter]", "one_of", { text: "Die Behörde entscheidet.", why: "Hinweis: Alter.\nGrundlage: Gesetz." });
  const places = ["core.section", "core.example", "core.old_answer", "core.summary", "core.summary.end", "core.lines", "core.commands"];
  const events = [
    ...places.map((place, part) => said(2, part, place, { place })), said(2, 10, "Hinweis: Alter."), said(2, 11, "Grundlage: Gesetz."),
    said(2, 12, open.text, { question: open.id }), said(2, 13, "Verstanden: 3. Mai 2014"),
  ];
  assert.deepEqual(texts(reduce(blank(), turns(2, events, open))), ["Verstanden: 3. Mai 2014"]);
});

test("the verdict stands in the review, and in the history only later", () => {
  const model = reduce(blank(), turns(4, [said(4, 0, "wohl erfüllt", { place: "core.verdict.likely" })], null));
  assert.deepEqual(texts(model), []);
  assert.deepEqual(texts(reduce(model, turns(5, [said(5, 0, "Gesendet")], null))), ["wohl erfüllt", "Gesendet"]);
});

test("an answer on its way stands at the end, by its own key", () => {
  const model = reduce(reduce(blank(), turns(1, [said(1, 0, "Guten Tag")])), { type: "pending", pending: [{ body: { id: "u1" }, shown: "Ja" }] });
  assert.deepEqual(history(model).at(-1), { key: "u1", from: "applicant", kind: "pending", text: "Ja" });
});

test("a slip belongs to the turn that put the question, and goes with the next", () => {
  const open = question("geboren", "date", { text: "Wann?" });
  const refused = said(2, 0, "(nicht angenommen)", { from: "applicant" });
  const slip = said(2, 1, "Den Tag gibt es nicht.", { kind: "problem" });
  const model = reduce(blank(), turns(2, [refused, slip, said(2, 2, "Wann?", { question: "geboren" })], open));
  assert.equal(slipOf(model), "Den Tag gibt es nicht.");
  assert.deepEqual(texts(model), []);
  const file = reduce(model, turns(3, [said(3, 0, "Datei in Ordnung.", { from: "system", kind: "file" })], open));
  assert.equal(slipOf(file), "Den Tag gibt es nicht.");
  const next = reduce(file, turns(4, [answered(4, 0, "3. Mai", "geboren"), said(4, 1, "Name?", { question: "name" })], question("name", "short_text", { text: "Name?" })));
  assert.equal(slipOf(next), "");
  assert.deepEqual(texts(next), ["(nicht angenommen)", "Den Tag gibt es nicht.", "Wann?", "3. Mai"]);
});

test("a refusal of the server is a slip until something happens", () => {
  const model = reduce(reduce(blank(), turns(1, [])), { type: "refused", text: "Das geht jetzt nicht." });
  assert.equal(slipOf(model), "Das geht jetzt nicht.");
  assert.equal(slipOf(reduce(model, turns(1, []))), "Das geht jetzt nicht.");
  assert.equal(slipOf(reduce(model, turns(2, [said(2, 0, "x")]))), "");
});

test("why an answer no longer fits is a slip; what was asked back or whose task it is, is not", () => {
  const with_ = (more) => slipOf(reduce(blank(), turns(1, [], question("a", "date", { because: "Darum.", ...more }))));
  assert.equal(with_({}), "Darum.");
  assert.equal(with_({ proposals: [{ value: 1, label: "eins" }] }), "");
  assert.equal(with_({ task: "t1" }), "");
});

test("a resume code is found in what the assistant said, and nowhere else", () => {
  assert.equal(codeSaid([said(1, 0, "Ihr Code: 7K3M-Q9XD-2B4N-8RTV. Bitte aufschreiben.")]), "7K3M-Q9XD-2B4N-8RTV");
  assert.equal(codeSaid([answered(1, 0, "7K3M-Q9XD-2B4N-8RTV", "a")]), "");
  assert.equal(codeSaid([said(1, 0, "Ihre Nummer: AL-7K3M-Q9XD")]), "");
});

test("a sentence is filled in one pass", () => {
  assert.equal(filledIn("Abschnitt {number} von {total}: {title}", { number: 1, total: 7, title: "{total}" }), "Abschnitt 1 von 7: {total}");
  assert.equal(filledIn("{unknown}", {}), "{unknown}");
});

const { filesOf } = await module("files.js");
const file = (turn, id, fileState, more = {}) => said(turn, 0, `${id} ${fileState}`, { kind: "file", from: "system", file: { id, state: fileState, findings: [] }, ...more });

test("the files of a question: those of the old answer first, each as it was last told, dropped ones gone", () => {
  const events = [
    file(1, "f_1", "checking", { question: "beleg" }), file(2, "f_2", "checking", { question: "beleg" }), file(3, "f_x", "ready", { question: "andere" }),
    file(4, "f_1", "ready"), file(5, "f_3", "checking", { question: "beleg" }), file(6, "f_3", "dropped"), file(7, "f_4", "receiving", { question: "beleg" }),
  ];
  const model = reduce(blank(), turns(7, events, question("beleg", "evidence", { old: { files: ["f_2"], later: false } })));
  assert.deepEqual(filesOf(model).map(({ id, state: is, told }) => [id, is, told]), [["f_2", "checking", "f_2 checking"], ["f_1", "ready", "f_1 ready"]]);
  assert.deepEqual(filesOf(blank()), []);
});

test("what became of a file stands beside it, not in the history", () => {
  assert.deepEqual(texts(reduce(blank(), turns(1, [file(1, "f_1", "ready", { question: "beleg" })]))), []);
});
