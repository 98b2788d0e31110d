// An expired session: htmx gets 401. The form stays as it is; the dialog offers to sign in in another
// tab and to send again, for which a fresh token is fetched. Nothing that was typed is lost.
import { renewSession } from "./session.js";

let pending = null;
// Said once for a session that ended: who closes the dialog goes on typing, and the drafts go on trying.
let asked = false;

function dialog() {
  return document.getElementById("signin-dialog");
}

function say(key) {
  const words = dialog().querySelector(`template[data-signin-text="${key}"]`);
  dialog().querySelector("[data-signin-status]").textContent = words?.content.textContent ?? "";
}

async function resend() {
  const who = await renewSession();
  if (who === "out") return say("still-out");
  if (who === "other") return say("other-user");
  dialog().close();
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
  if (dialog().open) dialog().close();
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
      dialog().close();
    }
  });
}
