// What a mark of the history says: shown beside it for the pointer and for the keyboard alike.
// Arrow keys go from mark to mark; Escape takes the text away.
const ITEM = ".tl-item";

function place(tip, item) {
  const frame = tip.parentElement.getBoundingClientRect();
  const box = item.getBoundingClientRect();
  const left = Math.max(box.left, frame.left);
  const wide = tip.offsetWidth;
  tip.style.left = `${Math.max(Math.min(left - frame.left, frame.width - wide - 4), 4)}px`;
  const below = box.bottom + 8;
  const fits = below + tip.offsetHeight < window.innerHeight || box.top < tip.offsetHeight + 16;
  const top = fits ? below : box.top - tip.offsetHeight - 8;
  tip.style.top = `${top - frame.top}px`;
}

function show(item) {
  const tip = item.closest(".tl-frame").querySelector(".tl-tip");
  // The browser's own bubble would come as a second one; the name stays in the label.
  item.querySelector(":scope > title")?.remove();
  tip.textContent = item.getAttribute("aria-label");
  tip.hidden = false;
  place(tip, item);
}

function hide(frame) {
  const tip = frame?.querySelector(".tl-tip");
  if (tip) tip.hidden = true;
}

function step(item, key) {
  const all = [...item.closest("svg").querySelectorAll(ITEM)];
  const at = all.indexOf(item);
  const to = {
    ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1,
  }[key];
  return to === undefined ? undefined : all[Math.min(Math.max(to, 0), all.length - 1)];
}

function atItem(event) {
  return event.target.closest?.(ITEM);
}

// Where the picture is wider than its frame it opens at today, with what is proposed beside it: at its newest part.
function toToday(scope) {
  for (const picture of scope.querySelectorAll?.(".tl") ?? []) {
    const [names, plot] = [".tl__names", ".tl__plot"].map((part) => picture.querySelector(part).getBoundingClientRect().width);
    picture.scrollLeft = names + plot * Number(picture.dataset.today ?? 1) - picture.clientWidth * 0.7;
  }
}

export function startTimelines() {
  toToday(document);
  document.body.addEventListener("htmx:load", (event) => toToday(event.target));
  document.addEventListener("focusin", (event) => {
    const item = atItem(event);
    if (item) show(item);
  });
  document.addEventListener("focusout", (event) => {
    const item = atItem(event);
    if (item) hide(item.closest(".tl-frame"));
  });
  document.addEventListener("pointerover", (event) => {
    const item = atItem(event);
    if (item) show(item);
  });
  document.addEventListener("pointerout", (event) => {
    const item = atItem(event);
    if (!item || item.contains(event.relatedTarget)) return;
    const frame = item.closest(".tl-frame");
    const focused = frame.querySelector(`${ITEM}:focus`);
    if (focused) show(focused);
    else hide(frame);
  });
  document.addEventListener("keydown", (event) => {
    const item = atItem(event);
    if (event.key === "Escape") document.querySelectorAll(".tl-frame").forEach(hide);
    const to = item && !event.altKey && !event.ctrlKey && !event.metaKey && step(item, event.key);
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}
