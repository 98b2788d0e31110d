// A file that is larger than its field takes is said beside it before it is sent: nobody waits for an upload in vain.

function message(input) {
  return input.parentElement.querySelector("[data-file-large]");
}

// Return whether what is chosen may be sent, and say beside the field why it may not.
function fits(input) {
  const [file] = input.files;
  const large = Boolean(file) && file.size > Number(input.dataset.most);
  message(input)?.remove();
  input.toggleAttribute("aria-invalid", large);
  if (!large) {
    input.removeAttribute("aria-errormessage");
    return true;
  }
  const words = document.createElement("p");
  words.className = "nhsuk-error-message";
  words.dataset.fileLarge = "";
  words.id = `${input.id}-large`;
  words.setAttribute("role", "alert");
  const megabytes = (file.size / 1024 / 1024).toFixed(1);
  words.textContent = input.dataset.large.replace("%name%", file.name).replace("%size%", megabytes);
  input.before(words);
  input.setAttribute("aria-invalid", "true");
  input.setAttribute("aria-errormessage", words.id);
  return false;
}

export function startFiles() {
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("input[type=file][data-most]")) fits(event.target);
  });
  // Before the form counts as being sent, and before htmx takes it.
  document.addEventListener(
    "submit",
    (event) => {
      const wrong = [...event.target.querySelectorAll("input[type=file][data-most]")].filter((input) => !fits(input));
      if (!wrong.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      wrong[0].focus();
    },
    true,
  );
}
