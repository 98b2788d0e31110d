// form[data-draft-url]: the whole form goes to the server a moment after the last key, as a draft.
// [data-draft-status] in the form tells how that went; its data-saved and data-failed hold the words,
// with %time% for the server's time of day; why a draft is refused the server says itself. Nothing is kept in
// the browser.
import { csrfToken } from "./signin.js";

const PAUSE = 1500;
const REFUSED = new Set([409, 413]);
const timers = new WeakMap();
const unsaved = new Set();

function report(form, state, { time = "", sentence = "" } = {}) {
  const status = form.querySelector("[data-draft-status]");
  if (!status) return;
  status.dataset.state = state;
  status.textContent = sentence || (status.dataset[state] ?? "").replace("%time%", time);
}

// A draft that the server does not take comes back with a sentence that says why.
async function reason(response) {
  const plain = response.headers.get("Content-Type")?.startsWith("text/plain");
  return plain && REFUSED.has(response.status) ? await response.text() : "";
}

// What was typed: a chosen file goes with the form itself, not with every draft of it.
function typed(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

async function save(form) {
  timers.delete(form);
  try {
    const response = await fetch(form.dataset.draftUrl, {
      method: "POST",
      body: typed(form),
      headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "draft" },
      credentials: "same-origin",
      redirect: "error",
    });
    if (!response.ok) {
      report(form, "failed", { sentence: await reason(response) });
      return;
    }
    const now = new Date();
    const time = response.headers.get("X-Draft-Saved") ?? now.toTimeString().slice(0, 5);
    if (!timers.has(form)) unsaved.delete(form);
    report(form, "saved", { time });
  } catch {
    report(form, "failed");
  }
}

function later(form) {
  clearTimeout(timers.get(form));
  unsaved.add(form);
  timers.set(form, setTimeout(() => save(form), PAUSE));
}

export function startDrafts() {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.dataset.draftUrl) later(form);
    });
  }
  document.addEventListener("submit", (event) => {
    const form = event.target;
    clearTimeout(timers.get(form));
    unsaved.delete(form);
  });
  // Leaving is questioned only while something typed is on no server yet.
  window.addEventListener("beforeunload", (event) => {
    for (const form of unsaved) if (!form.isConnected) unsaved.delete(form);
    if (unsaved.size) event.preventDefault();
  });
}
