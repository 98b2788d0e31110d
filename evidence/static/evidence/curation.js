// Select2 gives its boxes no name where nothing is chosen yet: they take that of the select they stand for.
(() => {
  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete[aria-label]")) {
      const box = select.nextElementSibling;
      if (!box || !box.classList.contains("select2")) continue;
      for (const part of box.querySelectorAll("[role=combobox], [role=textbox]")) {
        part.setAttribute("aria-label", select.getAttribute("aria-label"));
      }
    }
  };
  // Those that are there, and those that come: on a slow machine they are made after all has been loaded.
  nameBoxes();
  new MutationObserver(nameBoxes).observe(document.documentElement, { childList: true, subtree: true });
})();
