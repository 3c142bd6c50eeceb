// What goes over the wire, for `tsc --checkJs` only: no browser loads this file. The contract is bot/web/openapi.json.

export interface FileState {
  id: string; state: string; type: string; bytes: number; pages: number; preview?: string; told?: string;
  findings: { code: string; text: string; page: number | null }[];
}
export interface Event {
  turn: number; part: number; at: string; from: string; kind: string; text?: string; place?: string;
  question?: string; value?: any; file?: FileState;
}
export interface Choice { value: any; label: string; hint?: string }
export interface Question {
  id: string; kind: string; text: string; why?: string; help?: string; example?: string; required: boolean; unsure: boolean;
  sensitive: string | null; row?: { title: string; section: string; row: string; position: number }; choices?: Choice[];
  suggestion?: any; suggestion_text?: string; old?: any; old_text?: string; because?: string; proposals?: Choice[]; limits?: Record<string, any>; task?: string;
}
export interface Action { name: string; label: string; target?: string; asks?: string }
export interface State {
  api: number; reference: string; phase: string; speaker: string; language: string; languages: string[];
  procedure: { id: string; version: string; title: string; status: string } | null;
  position: { section: string; title: string; number: number; of: number } | null;
  question: Question | null; waiting: { for: string; text: string; url?: string } | null; actions: Action[];
  verdict: { overall: string; not_met: number }; tasks: { id: string; question: string; reason: string; by: string }[];
  submissions: { n: number; kind: string; state: string; at: string; sandbox: boolean; text: string; steps: { state: string; at: string }[]; receipt?: string }[]; demo_today: string | null;
}
export interface Turns {
  cursor: number; events: Event[]; state: State; more?: boolean; outcome?: string; repeated?: boolean; token?: string;
}
export interface Summary {
  cursor: number;
  sections: {
    id: string; title: string; rows?: { row: string; title: string }[];
    items: { question: string; row?: string; text: string; answer: string; value: any; change: boolean }[];
  }[];
  values: { id: string; label: string; text: string }[];
  verdict: {
    overall: string;
    criteria: { id: string; about: string; finding: string; text: string; law: string; next: string; elsewhere?: string }[];
  };
  estimate: { text: string } | null;
  declarations: { id: string; text: string; law?: string; confirmed: boolean }[];
  missing: string[];
}
export interface Body {
  id: string; question?: string; value?: any; text?: string; action?: string; target?: string; after?: number;
}
/** One answer on its way; `shown`: its words in the history. */
export interface Entry { body: Body; shown: string }
/** `after`: seconds of Retry-After, 0 without. */
export interface Reply { status: number; data: any; after: number }
/** What a page knows. `slip`: why the last answer was not taken at all (a 4xx). */
export interface Model { cursor: number; events: Event[]; now: State | null; pending: Entry[]; slip: string }
/** A file on its way; `print`: the digest of what is sent, so that only the very same file goes on. */
export interface Upload {
  key: string; name: string; blob: Blob; size: number; print: string; picture: string; sent: number;
  state: "sending" | "failed" | "stopped" | "done"; address: string; text: string; spoken: number; stop: AbortController;
}
/** What a reload finds of one that was on its way. */
export interface Unfinished { question: string; address: string; name: string; size: number; print: string }
export interface Store { get(key: string): string | null; set(key: string, value: string): void; drop(key: string): void }
export interface Message { key: string; from: string; kind: string; text: string }
export interface Field {
  as: "buttons" | "radios" | "checks" | "range" | "parts" | "area" | "line" | "evidence";
  parts: string[];
}
