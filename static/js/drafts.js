// form[data-draft-url]: the whole form goes to the server a moment after the last key, as a draft.
// [data-draft-status] in the form tells how that went; its data-saved, data-failed and data-out hold the
// words, with %time% for the server's time of day; why a draft is refused the server says itself. What did not
// arrive is sent again by itself until it does: after a while, when the connection is back, when the page is
// looked at again. Nothing is kept in the browser.
import { csrfToken, renewSession } from "./session.js";
import { askForDraft, draftArrived } from "./signin.js";

const PAUSE = 1500;
// How long until the next try, and at most.
const FIRST_WAIT = 3000;
const LONGEST_WAIT = 60000;
const REFUSED = new Set([409, 413]);
// What is no better by sending it again.
const FINAL = new Set([400, 404, ...REFUSED]);
const timers = new WeakMap();
const waits = new WeakMap();
const underWay = new WeakMap();
const unsaved = new Set();
// This page among all that are open: what another one typed into the same form is not overwritten.
const WINDOW = crypto.getRandomValues(new Uint32Array(2)).reduce((name, n) => name + n.toString(36).padStart(7, "0").slice(0, 7), "");
// By the address of a draft the stamp of the one that was shown or kept here last, and by form of what was kept from it.
const stamps = new Map();
const keptFrom = new WeakMap();

// A form that was drawn anew knows the draft that it shows, which may be an older one of another window; one that
// came back as it was sent shows none, and goes on with the last.
function known(form) {
  return keptFrom.get(form) || form.dataset.draftStamp || (stamps.get(form.dataset.draftUrl) ?? "");
}

function fromHere(form) {
  return { "X-Draft-Window": WINDOW, "X-Draft-Known": known(form) };
}

function report(form, state, { time = "", sentence = "", both = "" } = {}) {
  const status = form.querySelector("[data-draft-status]");
  if (!status) return;
  status.dataset.state = state === "saved" ? "saved" : "failed";
  status.textContent = sentence || (status.dataset[state] ?? "").replace("%time%", time);
  if (!both) return;
  const link = document.createElement("a");
  link.href = both;
  link.textContent = status.dataset.both;
  status.append(". ", link);
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

function send(form, stop) {
  return fetch(form.dataset.draftUrl, {
    method: "POST",
    body: typed(form),
    // As htmx asks: a session that has ended answers 401 then, and not with the page to sign in.
    headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true", ...fromHere(form) },
    credentials: "same-origin",
    redirect: "error",
    signal: stop.signal,
  });
}

// Try again by itself, each time after a longer while.
function retry(form) {
  if (timers.has(form) || !unsaved.has(form)) return;
  const wait = waits.get(form) ?? FIRST_WAIT;
  waits.set(form, Math.min(wait * 2, LONGEST_WAIT));
  timers.set(form, setTimeout(() => save(form), wait));
}

async function arrived(form, response) {
  const now = new Date();
  const time = response.headers.get("X-Draft-Saved") ?? now.toTimeString().slice(0, 5);
  waits.delete(form);
  if (!timers.has(form)) unsaved.delete(form);
  draftArrived();
  const stamp = response.headers.get("X-Draft-Stamp");
  if (stamp) {
    stamps.set(form.dataset.draftUrl, stamp);
    keptFrom.set(form, stamp);
  }
  // A refusal that says when it was kept: beside what another window typed.
  if (response.ok) report(form, "saved", { time });
  else report(form, "apart", { sentence: await response.text(), both: response.headers.get("X-Draft-Both") });
}

// Not sent again by itself: the next key or press tries anew.
function stopped(form) {
  waits.delete(form);
  const words = document.querySelector('template[data-signin-text="other-user"]')?.content.textContent;
  report(form, "failed", { sentence: words });
}

async function save(form) {
  timers.delete(form);
  if (!form.isConnected) return;
  const stop = new AbortController();
  underWay.set(form, stop);
  try {
    let response = await send(form, stop);
    if (response.status === 403) {
      // Signed in anew in another tab: the token of this page is old.
      const who = await renewSession();
      if (who === "same") response = await send(form, stop);
      // Somebody else: what is typed here is not theirs, and nothing more is asked in their name.
      if (who === "other") return stopped(form);
    }
    // Kept apart from what another window typed: refused in place of it, and on the server all the same.
    const apart = response.status === 409 && response.headers.has("X-Draft-Saved");
    if (response.ok || apart) return await arrived(form, response);
    if (response.status === 401) {
      report(form, "out");
      askForDraft(() => save(form));
    } else {
      report(form, "failed", { sentence: await reason(response) });
    }
    if (!FINAL.has(response.status)) retry(form);
  } catch (error) {
    if (error.name === "AbortError") return;
    report(form, "failed");
    retry(form);
  }
}

// Whatever waits for its next try is tried now.
function tryNow() {
  for (const form of unsaved) {
    if (!form.isConnected || !waits.has(form)) continue;
    clearTimeout(timers.get(form));
    waits.delete(form);
    save(form);
  }
}

function later(form) {
  clearTimeout(timers.get(form));
  unsaved.add(form);
  timers.set(form, setTimeout(() => save(form), PAUSE));
}

// What is sent needs no draft any more; one under way must not arrive after it.
function sent(form) {
  clearTimeout(timers.get(form));
  underWay.get(form)?.abort();
  waits.delete(form);
  unsaved.delete(form);
}

// A form that was not taken is worth keeping again.
function again(event) {
  const form = event.detail.requestConfig?.elt.closest("form");
  if (form?.dataset.draftUrl) later(form);
}

// A form that came back in place of another goes on where that one was: with errors, or with other choices.
function goOn() {
  for (const form of document.querySelectorAll("form[data-draft-url]:has(.app-errors, .app-meanwhile)")) later(form);
  for (const gone of unsaved) {
    if (gone.isConnected) continue;
    sent(gone);
    const form = document.querySelector(`form[data-draft-url="${gone.dataset.draftUrl}"]`);
    if (form) later(form);
  }
}

export function startDrafts() {
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.form;
      if (form?.dataset.draftUrl) later(form);
    });
  }
  document.addEventListener("submit", (event) => sent(event.target));
  for (const kind of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(kind, again);
  }
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    const button = event.detail.elt;
    if (button.matches("button[formaction]") && button.form) sent(button.form);
  });
  // Saving forgets the draft of this window, and no other's.
  document.body.addEventListener("htmx:configRequest", ({ detail }) => {
    const form = detail.elt.form ?? detail.elt.closest("form");
    if (!form?.dataset.draftUrl) return;
    stamps.set(form.dataset.draftUrl, known(form));
    Object.assign(detail.headers, fromHere(form));
  });
  document.body.addEventListener("htmx:afterSettle", goOn);
  window.addEventListener("online", tryNow);
  window.addEventListener("focus", tryNow);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") tryNow();
  });
  // Leaving is questioned only while something typed is on no server yet.
  window.addEventListener("beforeunload", (event) => {
    for (const form of unsaved) if (!form.isConnected) unsaved.delete(form);
    if (unsaved.size) event.preventDefault();
  });
}
