// An expired session: htmx gets 401. The form stays as it is; the dialog offers to sign in in another
// tab and to send again, for which a fresh token is fetched. Nothing that was typed is lost.
import { renewSession } from "./session.js";

let pending = null;
// Said once for a session that ended: who closes the dialog goes on typing, and the drafts go on trying.
let asked = false;
// The field in which somebody was typing when the dialog came, and where in it.
let typing = null;

function dialog() {
  return document.getElementById("signin-dialog");
}

function say(key) {
  const words = dialog().querySelector(`template[data-signin-text="${key}"]`);
  dialog().querySelector("[data-signin-status]").textContent = words?.content.textContent ?? "";
}

// Back to where somebody was typing. Chromium gives the field its focus again but not its caret, and what is
// typed then is lost: it is left and entered anew.
function leave() {
  dialog().close();
  const field = typing?.element;
  if (!field?.isConnected) return;
  field.blur();
  field.focus();
  if (typing.start !== null) field.setSelectionRange?.(typing.start, typing.end);
  typing = null;
}

async function resend() {
  const who = await renewSession();
  if (who === "out") return say("still-out");
  if (who === "other") return say("other-user");
  leave();
  asked = false;
  const request = pending;
  pending = null;
  if (!request) return undefined;
  if (request.send) return request.send();
  if (request.element.matches("form")) return request.element.requestSubmit(request.submitter ?? undefined);
  return window.htmx.trigger(request.element, request.event);
}

// Show the dialog; "Send again" will repeat the request that htmx describes by `detail`.
export function askToSignIn(detail) {
  const config = detail.requestConfig;
  const element = config.elt.isConnected ? config.elt : detail.target;
  // A page that follows a meeting asks every two seconds: what somebody sent goes before that.
  if (!pending?.element?.isConnected || element.matches("form")) {
    pending = {
      element,
      event: config.triggeringEvent?.type ?? "click",
      submitter: config.triggeringEvent?.submitter,
    };
  }
  show();
}

function show() {
  if (dialog().open) return;
  say("");
  const element = document.activeElement;
  typing = element?.form ? { element, start: element.selectionStart ?? null, end: element.selectionEnd } : null;
  dialog().showModal();
  dialog().querySelector("h2").focus();
}

// A draft was not taken because the session had ended; `send` sends it again.
export function askForDraft(send) {
  if (asked || !dialog()) return;
  asked = true;
  pending ??= { send };
  show();
}

// A draft was taken: whoever types is signed in again. What somebody sent still waits for its press.
export function draftArrived() {
  asked = false;
  if (!pending?.send) return;
  pending = null;
  if (dialog().open) leave();
}

export function startSignin() {
  if (!dialog()) return;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.detail.shouldSwap = false;
    askToSignIn(event.detail);
  });
  dialog().addEventListener("click", (event) => {
    if (event.target.closest("[data-signin-resend]")) resend();
    if (event.target.closest("[data-signin-close]")) {
      pending = null;
      leave();
    }
  });
}
