// The header's two folds on small screens, and menus that close on Escape or a click beside them.

function toggle(button) {
  const part = document.getElementById(button.dataset.toggle);
  if (!part) return;
  const open = part.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
  if (open) part.querySelector("input[type=search], nav a")?.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-close-outside][open]")) {
    if (menu !== except) menu.open = false;
  }
}

export function startMenus() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-toggle]");
    if (button) toggle(button);
    closeMenus(event.target.closest("details[data-close-outside]"));
  });
  document.addEventListener("keydown", (event) => {
    const menu = event.target.closest?.("details[data-close-outside][open]");
    if (!menu) return;
    if (event.key === "Escape") {
      menu.open = false;
      menu.querySelector("summary").focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      moveFocus(menu, event);
    }
  });
}

// Arrow keys walk the choices of an open menu; Tab does too, as everywhere.
function moveFocus(menu, event) {
  const choices = [...menu.querySelectorAll(".app-menu__choice")];
  if (!choices.length) return;
  event.preventDefault();
  const step = event.key === "ArrowDown" ? 1 : -1;
  const here = choices.indexOf(document.activeElement);
  const next = here < 0 ? (step > 0 ? 0 : choices.length - 1) : here + step;
  choices[(next + choices.length) % choices.length].focus();
}
