// A request of htmx that did not succeed is said in the page's status region: what happened, and what to do.
// The form stays as it is. A session that has ended has a dialog of its own (signin.js).
import { renewSession } from "./session.js";
import { askToSignIn } from "./signin.js";

function shown() {
  return document.querySelector("#status [data-failure-shown]");
}

// Say the words of `key`; `detail` are the server's own, which stand in the middle of them.
function say(key, detail = "") {
  const region = document.getElementById("status");
  const words = document.querySelector(`template[data-failure="${key}"]`);
  if (!region || !words) return;
  const notice = words.content.firstElementChild.cloneNode(true);
  notice.dataset.failureShown = key;
  notice.querySelector("[data-failure-detail]")?.append(detail);
  shown()?.remove();
  region.append(notice);
}

// What the server's error page says in its first paragraph, or in `selector`.
function told(xhr, selector) {
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  return page.querySelector(`.app-error ${selector}`)?.textContent.trim() ?? "";
}

// The page's token is older than the session. Where the same person is signed in it is renewed.
async function renew(detail) {
  const who = await renewSession().catch(() => "lost");
  if (who === "out") return askToSignIn(detail);
  return say({ same: "renewed", other: "other-user", lost: "offline" }[who]);
}

function refused(event) {
  const { xhr } = event.detail;
  if (xhr.status === 401) return undefined;
  if (xhr.status === 403 && xhr.getResponseHeader("X-Refusal") === "csrf") return renew(event.detail);
  if (xhr.status === 403) return say("forbidden", told(xhr, "p:not(.app-error__code)"));
  if (xhr.status === 404) return say("gone");
  if (xhr.status === 413) return say("large");
  if (xhr.status >= 500) return say("fault", told(xhr, ".app-soft"));
  return say("refused");
}

// A page that follows a meeting asks again by itself: it is said once that it no longer follows.
function isPoll(event) {
  return event.detail.requestConfig?.elt.getAttribute("hx-trigger")?.startsWith("every") ?? false;
}

function lost(key) {
  return (event) => {
    if (!isPoll(event)) return say(key);
    return shown() ? undefined : say("following");
  };
}

export function startFailures() {
  const body = document.body;
  body.addEventListener("htmx:responseError", (event) => {
    if (!isPoll(event) || event.detail.xhr.status === 401) return refused(event);
    return shown() ? undefined : say("following");
  });
  body.addEventListener("htmx:sendError", lost("offline"));
  body.addEventListener("htmx:timeout", lost("timeout"));
  body.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    if (!isPoll(event) || shown()?.dataset.failureShown === "following") shown()?.remove();
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-failure-close]")) shown()?.remove();
  });
}
