// The NHS components that need a script, started on the page and on every part that htmx brings.
import { CharacterCount, Checkboxes, PasswordInput, Radios, createAll } from "nhsuk-frontend";

const components = [CharacterCount, Checkboxes, PasswordInput, Radios];

function start(scope) {
  for (const component of components) createAll(component, undefined, { scope });
}

export function startComponents() {
  document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
  start(document);
  document.body.addEventListener("htmx:load", (event) => {
    // The first htmx:load is the page itself, which is started already; createAll skips started ones.
    if (event.target !== document.body) start(event.target);
  });
}
