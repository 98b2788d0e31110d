// An expired session: htmx gets 401. The form stays as it is; the dialog offers to sign in in another
// tab and to send again, for which a fresh token is fetched. Nothing that was typed is lost.

let pending = null;

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function useToken(token) {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

// Ask for this page again: it holds a new token, and says who is signed in now.
async function freshPage() {
  const response = await fetch(window.location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return {
    user: page.body.dataset.user ?? "",
    token: page.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "",
  };
}

function say(dialog, key) {
  const words = dialog.querySelector(`template[data-signin-text="${key}"]`);
  dialog.querySelector("[data-signin-status]").textContent = words?.content.textContent ?? "";
}

async function resend(dialog) {
  const page = await freshPage();
  if (!page.user) return say(dialog, "still-out");
  if (page.user !== document.body.dataset.user) return say(dialog, "other-user");
  useToken(page.token);
  dialog.close();
  const request = pending;
  pending = null;
  if (!request) return undefined;
  if (request.element.matches("form")) return request.element.requestSubmit(request.submitter ?? undefined);
  return window.htmx.trigger(request.element, request.event);
}

export function startSignin() {
  const dialog = document.getElementById("signin-dialog");
  if (!dialog) return;
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.detail.shouldSwap = false;
    const config = event.detail.requestConfig;
    pending = {
      element: config.elt.isConnected ? config.elt : event.target,
      event: config.triggeringEvent?.type ?? "click",
      submitter: config.triggeringEvent?.submitter,
    };
    say(dialog, "");
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("h2").focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-signin-resend]")) resend(dialog);
    if (event.target.closest("[data-signin-close]")) dialog.close();
  });
}
