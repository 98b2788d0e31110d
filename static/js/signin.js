// An expired session: htmx gets 401. The form stays as it is; the dialog offers to sign in in another
// tab and to send again, for which a fresh token is fetched. Nothing that was typed is lost.
import { renewSession } from "./session.js";

let pending = null;

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
  const request = pending;
  pending = null;
  if (!request) return undefined;
  if (request.element.matches("form")) return request.element.requestSubmit(request.submitter ?? undefined);
  return window.htmx.trigger(request.element, request.event);
}

// Show the dialog; "Send again" will repeat the request that htmx describes by `detail`.
export function askToSignIn(detail) {
  const config = detail.requestConfig;
  const element = config.elt.isConnected ? config.elt : detail.target;
  // A page that follows a meeting asks every two seconds: what somebody sent goes before that.
  if (!pending || !pending.element.isConnected || element.matches("form")) {
    pending = {
      element,
      event: config.triggeringEvent?.type ?? "click",
      submitter: config.triggeringEvent?.submitter,
    };
  }
  if (dialog().open) return;
  say("");
  dialog().showModal();
  dialog().querySelector("h2").focus();
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
