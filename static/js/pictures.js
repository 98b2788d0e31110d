// A picture that is wider than the screen opens at today, not at its beginning.
const PICTURES = ".mon-picture, .tl";

function toToday(picture) {
  const today = picture.querySelector("[data-scroll-to], .tl-today");
  if (!today || picture.scrollWidth <= picture.clientWidth) return;
  const names = [...picture.querySelectorAll("[class*=__names]")].find((part) => part.clientWidth);
  const covered = names ? names.getBoundingClientRect().width : 0;
  const x = today.getBoundingClientRect().left - picture.getBoundingClientRect().left;
  // In the middle of what the names, which stay put, leave free.
  picture.scrollLeft += x - covered - (picture.clientWidth - covered) / 2;
}

export function startPictures() {
  document.querySelectorAll(PICTURES).forEach(toToday);
  document.body.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) event.target.querySelectorAll(PICTURES).forEach(toToday);
  });
}
