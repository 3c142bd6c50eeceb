// Fields: which one a kind of question gets, and what a filled form sends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { module, question } from "./helpers.mjs";

const { actionOf, answerOf, fieldOf, labelOf } = await module("core.js");

const choices = (count) => Array.from({ length: count }, (_, at) => ({ value: `w${at}`, label: `Wahl ${at}` }));
const LINES = ["date", "month", "year", "days", "money", "whole_number", "decimal", "percent", "hours", "short_text", "postal_code", "municipality",
  "email", "phone", "iban", "tax_number", "tax_id", "vat_id", "social_number", "company_number"];

test("every kind has its field", () => {
  for (const kind of LINES) assert.equal(fieldOf(question("q", kind)).as, "line", kind);
  assert.equal(fieldOf(question("q", "long_text")).as, "area");
  assert.equal(fieldOf(question("q", "period")).as, "range");
  assert.equal(fieldOf(question("q", "evidence", { choices: choices(1) })).as, "evidence");
  assert.deepEqual(fieldOf(question("q", "address")).parts, ["street", "house_number", "postal_code", "city"]);
  assert.deepEqual(fieldOf(question("q", "person_name")).parts, ["given", "family"]);
  assert.deepEqual(fieldOf(question("q", "register")).parts, ["court", "type", "number"]);
  assert.equal(fieldOf(question("q", "many_of", { choices: choices(2) })).as, "checks");
  assert.equal(fieldOf(question("q", "rows_of", { choices: choices(2) })).as, "checks");
});

test("up to five choices are buttons, more are a list; an unknown kind is a line", () => {
  assert.equal(fieldOf(question("q", "one_of", { choices: choices(5) })).as, "buttons");
  assert.equal(fieldOf(question("q", "one_of", { choices: choices(6) })).as, "radios");
  assert.equal(fieldOf(question("q", "one_of")).as, "line");
  assert.equal(fieldOf(question("q", "hologram")).as, "line");
});

test("a choice sends its typed value, and is shown by its label", () => {
  const open = question("@again[kinder]", "yes_no", { choices: [{ value: true, label: "Ja" }, { value: false, label: "Nein" }] });
  assert.deepEqual(answerOf(open, [["value", "false"]]), { sends: { question: "@again[kinder]", value: false }, shown: "Nein" });
});

test("several choices send a list; rows stay numbers", () => {
  const open = question("fuer", "rows_of", { choices: [{ value: 1, label: "Max" }, { value: 3, label: "Mia" }] });
  assert.deepEqual(answerOf(open, [["pick", "1"], ["pick", "3"]]), { sends: { question: "fuer", value: [1, 3] }, shown: "Max, Mia" });
  assert.equal(answerOf(open, []), null);
});

test("typed words are sent as words, with their question", () => {
  for (const kind of [...LINES, "long_text"]) {
    assert.deepEqual(answerOf(question("q", kind), [["text", "  so ist es "]]), { sends: { question: "q", text: "so ist es" }, shown: "so ist es" }, kind);
    assert.equal(answerOf(question("q", kind), [["text", "   "]]), null, kind);
  }
});

test("a period is words of both ends, or of the one that was filled in", () => {
  const open = question("zeit", "period");
  assert.equal(answerOf(open, [["from", "20.4.2020"], ["to", "15.5.2020"]]).sends.text, "20.4.2020 bis 15.5.2020");
  assert.equal(answerOf(open, [["from", "20.4. bis 15.5.2020"], ["to", ""]]).sends.text, "20.4. bis 15.5.2020");
  assert.equal(answerOf(open, [["from", ""], ["to", " "]]), null);
});

test("parts are sent together; the server says which is missing", () => {
  const open = question("name", "person_name");
  const filled = [["value.given", "Erika"], ["value.family", ""]];
  assert.deepEqual(answerOf(open, filled), { sends: { question: "name", value: { given: "Erika", family: "" } }, shown: "Erika" });
  assert.equal(answerOf(open, [["value.given", ""], ["value.family", " "]]), null);
});

test("a proposal, the suggestion and files are sent as values wherever they are pressed", () => {
  const open = question("tag", "days", { proposals: [{ value: ["2020-04-20"], label: "20. April" }], suggestion: ["2020-05-01"], suggestion_text: "1. Mai" });
  assert.deepEqual(answerOf(open, [["value", '["2020-04-20"]']]), { sends: { question: "tag", value: ["2020-04-20"] }, shown: "20. April" });
  assert.equal(labelOf(open, '["2020-05-01"]'), "1. Mai");
  const files = answerOf(question("beleg", "evidence"), [["value", '{"files":["f_1"],"later":false}']]);
  assert.deepEqual(files.sends, { question: "beleg", value: { files: ["f_1"], later: false } });
});

test("an action's button holds its name and its target", () => {
  assert.deepEqual(actionOf("back"), ["back", ""]);
  assert.deepEqual(actionOf("correct kinder[2].geboren"), ["correct", "kinder[2].geboren"]);
});
