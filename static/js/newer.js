// While an answer is awaited its form can be typed in. An answer that draws the form anew knows only what was
// sent: whatever was typed or chosen since then is put back into it.

const sent = new WeakMap();
const newer = new WeakMap();
const askAgain = new Set();

// The values of the form by name, in order; a chosen file cannot be put back.
function valuesOf(form) {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    if (value instanceof File) continue;
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return values;
}

// The form as it is on the page now: another answer may have drawn it anew meanwhile.
function current(form) {
  if (form.isConnected) return form;
  return document.querySelector(`form[data-draft-url="${CSS.escape(form.dataset.draftUrl)}"]`);
}

function same(one = [], other = []) {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

function put(control, values, index) {
  if (control.type === "checkbox" || control.type === "radio") {
    control.checked = values.includes(control.value);
  } else if (control.multiple) {
    for (const option of control.options) option.selected = values.includes(option.value);
  } else if (control.matches("select") && ![...control.options].some((o) => o.value === values[index])) {
    return; // what was chosen is no choice any more
  } else {
    control.value = values[index] ?? "";
  }
  control.dispatchEvent(new Event("input", { bubbles: true }));
  if (control.getAttribute("hx-trigger") === "change") askAgain.add(control);
}

function remember({ detail }) {
  const form = detail.elt.form ?? detail.elt.closest("form");
  if (form?.dataset.draftUrl) sent.set(detail.xhr, { form, values: valuesOf(form) });
}

function compare({ detail }) {
  const was = sent.get(detail.xhr);
  const form = was && current(was.form);
  if (!form) return;
  const now = valuesOf(form);
  const names = [...new Set([...was.values.keys(), ...now.keys()])];
  const changed = new Map();
  for (const name of names) if (!same(was.values.get(name), now.get(name))) changed.set(name, now.get(name) ?? []);
  newer.set(detail.xhr, { form, changed, controls: new Set(form.elements) });
}

function restore({ detail }) {
  const kept = newer.get(detail.xhr);
  newer.delete(detail.xhr);
  const form = kept && current(kept.form);
  if (!form) return;
  for (const [name, values] of kept.changed) {
    const all = [...form.elements].filter((control) => control.name === name && control.type !== "hidden");
    all.forEach((control, index) => kept.controls.has(control) || put(control, values, index));
  }
}

// What other choices depend on is asked about again, once htmx listens to the new form.
function ask() {
  for (const control of askAgain) if (control.isConnected) window.htmx.trigger(control, "change");
  askAgain.clear();
}

export function startNewer() {
  document.body.addEventListener("htmx:beforeRequest", remember);
  document.body.addEventListener("htmx:beforeSwap", compare);
  document.body.addEventListener("htmx:afterSwap", restore);
  document.body.addEventListener("htmx:afterSettle", ask);
}
