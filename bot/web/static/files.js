// @ts-check
// The law of this module: which files a question has is read from the events alone; a photo is made smaller before it is
// sent, and sent as it is where that fails. The server looks at everything again: this is a courtesy, not a control.

/** @typedef {import("./types").Model} Model */
/** @typedef {import("./types").FileState} FileState */
/** @typedef {import("./types").Store} Store */
/** @typedef {import("./types").Unfinished} Unfinished */
/** @typedef {import("./types").Upload} Upload */

const LONGEST = 2400; // pixels: fine print on A4 needs 2000

/**
 * The files of the open question, in page order: those of the old answer first. The last word about a file counts.
 * @param {Model} model
 * @returns {FileState[]}
 */
export function filesOf({ events, now }) {
  const question = now?.question;
  if (!question) return [];
  /** @type {Map<string, FileState>} */
  const known = new Map();
  const own = new Set(question.old?.files ?? []);
  for (const event of events) {
    if (event.kind !== "file" || !event.file) continue;
    if (event.question === question.id) own.add(event.file.id);
    known.set(event.file.id, { ...event.file, told: event.text });
  }
  const gone = new Set(["dropped", "receiving"]);
  return [...own].map((id) => /** @type {FileState} */ (known.get(id))).filter((file) => file && !gone.has(file.state));
}

/** @param {string} address */
export const idOf = (address) => address.split("/").pop() ?? "";

/** A header's value in base64, of any text. @param {string} text */
export const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/** What tells one file from another; "" where the browser cannot say. @param {Blob} blob */
export async function printOf(blob) {
  const digest = await blob.arrayBuffer().then((data) => crypto.subtle.digest("SHA-256", data)).catch(() => new ArrayBuffer(0));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {Store} store @returns {Unfinished[]} */
const notes = (store) => JSON.parse(store.get("al.uploads") ?? "[]");

/** What was on its way for a question when the page went away. @param {Store} store @param {string} question */
export const unfinished = (store, question) => notes(store).filter((note) => note.question === question);

/** Notes what is on its way for a question: never the file itself. @param {Store} store @param {string} question @param {Upload[]} going */
export function remember(store, question, going) {
  const begun = going.filter(({ address, state }) => address && state !== "done");
  const kept = [...notes(store).filter((note) => note.question !== question),
    ...begun.map(({ address, name, size, print }) => ({ question, address, name, size, print }))];
  if (kept.length) store.set("al.uploads", JSON.stringify(kept));
  else store.drop("al.uploads");
}

/**
 * A photo, made smaller and upright, without what the camera wrote into it. The same file where that fails or is no gain.
 * @param {File} file
 * @returns {Promise<Blob>}
 */
export async function shrink(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.round(side * scale)));
    const canvas = typeof OffscreenCanvas === "undefined" ? Object.assign(document.createElement("canvas"), { width, height }) : new OffscreenCanvas(width, height);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.fillStyle = "#fff"; // what was transparent
    context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const made = canvas instanceof HTMLCanvasElement
      ? await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85)) : await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 });
    return made && made.size < file.size ? made : file;
  } catch {
    return file;
  }
}
