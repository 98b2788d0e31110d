// Where the reader is after a change: at the errors if there are some, else at what asks for focus.

function settle(scope) {
  const target = scope.querySelector?.(".app-errors") ?? scope.querySelector?.("[data-focus]");
  if (!target) return;
  if (!target.matches("a, button, input, select, textarea, summary") && !target.hasAttribute("tabindex")) {
    target.setAttribute("tabindex", "-1");
  }
  target.focus();
}

// What the part of an address after # names; an address that was cut off or mistyped names nothing.
function named(hash) {
  try {
    return document.getElementById(decodeURIComponent(hash.slice(1)));
  } catch {
    return null;
  }
}

// An error's link goes to its field and opens what the field is folded into.
function follow(event) {
  const link = event.target.closest(".app-errors__list a[href^='#']");
  const field = link && named(link.hash);
  if (!field) return;
  event.preventDefault();
  for (let part = field.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
  const group = field.closest(".nhsuk-form-group, fieldset") ?? field;
  group.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}

// An address that names a section or a field opens what it is folded into, and stands there.
function arrive() {
  const place = location.hash.length > 1 && named(location.hash);
  if (!place) return;
  for (let part = place.closest("details"); part; part = part.parentElement?.closest("details")) part.open = true;
  const own = place.matches(".app-section") && place.querySelector(":scope > details");
  if (own) own.open = true;
  (place.closest(".nhsuk-form-group") ?? place).scrollIntoView();
  if (place.matches("input, select, textarea")) place.focus({ preventScroll: true });
}

export function startFocus() {
  arrive();
  window.addEventListener("hashchange", arrive);
  settle(document.querySelector("main") ?? document);
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const swapped = event.detail.elt?.isConnected ? event.detail.elt : event.target;
    settle(swapped);
  });
  document.addEventListener("click", follow);
}

// Say something in the page's one live region.
export function announce(text) {
  const region = document.getElementById("status");
  if (!region) return;
  const line = document.createElement("p");
  line.className = "nhsuk-u-visually-hidden";
  line.textContent = text;
  region.append(line);
  setTimeout(() => line.remove(), 5000);
}
