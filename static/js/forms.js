// A form is sent once: a second press while the first is under way does nothing.
// The buttons stay enabled and focusable, so nothing is lost when the answer never comes.

const PATIENCE = 10000;

function busy(form, on) {
  if (on) form.dataset.sending = "yes";
  else delete form.dataset.sending;
  for (const button of form.querySelectorAll("button[type=submit], button:not([type])")) {
    if (on) button.setAttribute("aria-busy", "true");
    else button.removeAttribute("aria-busy");
  }
}

// A value typed for a fact whose state is still open makes it a known one.
function knownByValue(event) {
  const panel = event.target.closest?.('.app-fact__panel[data-for="known"]');
  const fact = panel?.closest(".app-fact");
  if (!fact || fact.querySelector(".app-segmented__input:checked") || !event.target.value) return;
  const known = fact.querySelector('.app-segmented__input[value="known"]');
  if (known) known.checked = true;
}

export function startForms() {
  document.addEventListener("input", knownByValue);
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.method !== "post" || event.defaultPrevented) return;
      if (form.dataset.sending) {
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      busy(form, true);
      setTimeout(() => busy(form, false), PATIENCE);
    },
    true,
  );
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form");
    if (form) busy(form, false);
  });
  // A page brought back by the Back button must not still look as if it were sending.
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sending]")) busy(form, false);
  });
}
