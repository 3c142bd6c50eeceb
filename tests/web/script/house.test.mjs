// The house rules of the modules: nothing that writes markup or runs text, no third party, small files, few up front.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { folder } from "./helpers.mjs";

const modules = Object.fromEntries(readdirSync(folder).filter((name) => name.endsWith(".js")).map((name) => [name, readFileSync(new URL(name, folder), "utf8")]));
const all = Object.entries(modules);

test("there are modules to look at", () => assert.ok(all.length >= 6));

test("nothing writes markup, nothing runs text", () => {
  const forbidden = /innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|DOMParser|setHTML|document\.write|srcdoc|\beval\b|new Function|\bFunction\(|setTimeout\(\s*["'`]|javascript:/;
  for (const [name, source] of all) assert.doesNotMatch(source, forbidden, name);
});

test("no handler and no style is set as an attribute", () => {
  for (const [name, source] of all) assert.doesNotMatch(source, /\bon(abort|blur|change|click|drop|error|focus|input|key\w+|load|message|mouse\w+|paste|pointer\w+|submit)\b|\bstyle\b/, name);
});

test("no address of anybody else, no cookie, no lasting storage", () => {
  for (const [name, source] of all) assert.doesNotMatch(source, /https?:\/\/|document\.cookie|localStorage|indexedDB|serviceWorker|WebSocket|EventSource/, name);
});

test("every module is checked, says its law, and has at most 300 lines", () => {
  for (const [name, source] of all) {
    assert.ok(source.startsWith("// @ts-check\n// The law of this module:"), name);
    assert.ok(source.split("\n").length <= 301, `${name}: ${source.split("\n").length}`);
    assert.doesNotMatch(source, /@ts-ignore|@ts-nocheck|console\./, name);
  }
});

test("at most three modules are loaded up front, in at most 14 kB; what is late is not among them", () => {
  const front = new Set();
  const visit = (name) => {
    front.add(name);
    for (const [, other] of modules[name].matchAll(/^import .* from "\.\/(.+)";$/gm)) if (!front.has(other)) visit(other);
  };
  visit("chat.js");
  assert.deepEqual([...front].sort(), ["chat.js", "core.js", "view.js"]);
  const bytes = [...front].reduce((sum, name) => sum + gzipSync(modules[name], { level: 9 }).length, 0);
  assert.ok(bytes <= 14_000, `${bytes} bytes`);
});

test("every import names a module that is there", () => {
  for (const [name, source] of all) {
    for (const [, other] of source.matchAll(/(?:from "|import\(`)\.\/([a-z]+\.js)/g)) assert.ok(modules[other], `${name} imports ${other}`);
  }
});
