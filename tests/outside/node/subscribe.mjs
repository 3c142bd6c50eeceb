// A second crypto stack (jose, in Node) plays the agency: fetches a submission, opens it, verifies the event log with the
// service's published keys, checks tags and hashes, signs an accept-submission and posts it. JSON in, JSON out.

import { createHash, randomUUID } from "node:crypto";
import { text } from "node:stream/consumers";
import { CompactSign, compactDecrypt, compactVerify, importJWK } from "jose";

const EVENTS = "https://schema.fitko.de/fit-connect/events/";
const given = JSON.parse(await text(process.stdin));
const api = `${given.base}/submission-api/${given.profile}`;

const form = new URLSearchParams({
  grant_type: "client_credentials", client_id: given.client_id, client_secret: given.client_secret,
});
const token = (await (await fetch(`${given.base}/token`, { method: "POST", body: form })).json()).access_token;

async function ask(path, options = {}) {
  const headers = { Authorization: `Bearer ${token}`, ...options.headers };
  const reply = await fetch(path, { ...options, headers });
  if (!reply.ok) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
  return reply;
}

const sha512 = (bytes) => createHash("sha512").update(bytes).digest("hex");
const tag = (jwe) => jwe.split(".").at(-1);
const plain = ({ key_ops, ...jwk }) => jwk;

const opener = await importJWK(plain(given.encryption), "RSA-OAEP-256");
const open = async (jwe) =>
  Buffer.from((await compactDecrypt(jwe, opener, { keyManagementAlgorithms: ["RSA-OAEP-256"], contentEncryptionAlgorithms: ["A256GCM"] })).plaintext);

const one = await (await ask(`${api}/submissions/${given.submission}`)).json();
const metadata = JSON.parse(await open(one.encryptedMetadata));
const data = await open(one.encryptedData);
const wrong = [];
if (sha512(data) !== metadata.contentStructure.data.hash.content) wrong.push("data");
const attachments = {};
const tags = {};
for (const { attachmentId, hash } of metadata.contentStructure.attachments) {
  const jwe = await (await ask(`${api}/submissions/${given.submission}/attachments/${attachmentId}`)).text();
  const bytes = await open(jwe);
  if (sha512(bytes) !== hash.content) wrong.push(attachmentId);
  attachments[attachmentId] = bytes.toString("base64");
  tags[attachmentId] = tag(jwe);
}

const { keys } = await (await fetch(`${given.base}/submission-api/.well-known/jwks.json`)).json();
const { eventLog } = await (await ask(`${api}/cases/${one.caseId}/events`)).json();
const names = [];
for (const set of eventLog) {
  const header = JSON.parse(Buffer.from(set.split(".")[0], "base64url"));
  const key = keys.find(({ kid }) => kid === header.kid);
  const { payload, protectedHeader } = await compactVerify(set, await importJWK(plain(key), "PS512"), { algorithms: ["PS512"] });
  if (protectedHeader.typ !== "secevent+jwt") wrong.push("typ");
  const claims = JSON.parse(Buffer.from(payload));
  const [[uri, content]] = Object.entries(claims.events);
  names.push(uri.replace(EVENTS, ""));
  if (uri === `${EVENTS}submit-submission`) {
    const wanted = { metadata: tag(one.encryptedMetadata), data: tag(one.encryptedData), attachments: tags };
    if (JSON.stringify(sorted(content.authenticationTags)) !== JSON.stringify(sorted(wanted))) wrong.push("tags");
  }
}

function sorted(value) {
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
}

const claims = {
  $schema: "https://schema.fitko.de/fit-connect/set-payload/1.2.2/set-payload.schema.json",
  iss: given.destination, iat: Math.floor(Date.now() / 1000), jti: randomUUID(),
  sub: `submission:${given.submission}`, txn: `case:${one.caseId}`,
  events: {
    [`${EVENTS}accept-submission`]: {
      authenticationTags: { metadata: tag(one.encryptedMetadata), data: tag(one.encryptedData), attachments: tags },
    },
  },
};
const signer = await importJWK(plain(given.signing), "PS512");
const accept = await new CompactSign(Buffer.from(JSON.stringify(claims)))
  .setProtectedHeader({ alg: "PS512", typ: "secevent+jwt", kid: given.signing.kid })
  .sign(signer);
const posted = await ask(`${api}/cases/${one.caseId}/events`, {
  method: "POST", body: accept, headers: { "Content-Type": "application/jose" },
});

console.log(JSON.stringify({ data: JSON.parse(data), attachments, names, wrong, status: posted.status }));
