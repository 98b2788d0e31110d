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

// Where each thing ends, as a share of the picture's width: signs and bars, not the words beside them.
const ends = new WeakMap();

function endsOf(picture) {
  if (!ends.has(picture)) {
    const plot = picture.querySelector(".tl__plot").getBoundingClientRect();
    if (!plot.width) return [];
    ends.set(picture, [...picture.querySelectorAll(ITEM)].map((item) => {
      const shapes = [...item.children].filter((part) => !["title", "text"].includes(part.tagName));
      const right = Math.max(...shapes.map((part) => part.getBoundingClientRect().right));
      return { dated: item.dataset.placing !== "undated", at: (right - plot.left) / plot.width };
    }));
  }
  return ends.get(picture);
}

// What lies to the left of what is seen.
function passed(picture) {
  const [names, plot] = [".tl__names", ".tl__plot"].map((part) => picture.querySelector(part).getBoundingClientRect());
  return endsOf(picture).filter((item) => plot.left + plot.width * item.at <= names.right + 4);
}

// An empty row is not to be taken for "none": at the left edge stands how many things lie beyond it.
function tellEarlier(picture) {
  const frame = picture.closest(".tl-frame");
  const button = frame.querySelector(".tl-earlier");
  const found = passed(picture);
  const counts = { earlier: found.filter((item) => item.dated).length };
  counts.undated = found.length - counts.earlier;
  for (const part of button.querySelectorAll("[data-count]")) {
    const count = counts[part.dataset.count];
    part.hidden = !count;
    part.querySelector("b").textContent = count;
  }
  if (!found.length && document.activeElement === button) picture.focus({ preventScroll: true });
  button.hidden = !found.length;
  frame.classList.toggle("tl-frame--passed", found.length > 0);
}

// Back to the nearest of them, which then stands at the right edge with what came before it.
function goEarlier(picture) {
  const found = passed(picture);
  const dated = found.filter((item) => item.dated);
  const at = Math.max(...(dated.length ? dated : found).map((item) => item.at));
  const [names, plot] = [".tl__names", ".tl__plot"].map((part) => picture.querySelector(part).getBoundingClientRect().width);
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  picture.scrollTo({ left: names + plot * at - picture.clientWidth + 16, behavior: calm ? "auto" : "smooth" });
}

function tellAll(scope) {
  for (const picture of scope.querySelectorAll?.(".tl") ?? []) tellEarlier(picture);
}

function startEarlier() {
  let asked = 0;
  // Scrolling does not bubble, and comes more often than a frame is drawn.
  const soon = () => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(() => tellAll(document));
  };
  document.addEventListener("scroll", (event) => event.target.matches?.(".tl") && soon(), true);
  window.addEventListener("resize", soon);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.(".tl-earlier");
    if (button) goEarlier(button.closest(".tl-frame").querySelector(".tl"));
  });
}

export function startTimelines() {
  const open = (scope) => {
    toToday(scope);
    tellAll(scope);
  };
  open(document);
  startEarlier();
  document.body.addEventListener("htmx:load", (event) => open(event.target));
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
