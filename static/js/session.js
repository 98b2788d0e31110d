// The token of the forms, and who is signed in now: both may have changed in another tab.

export function csrfToken() {
  return document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

function useToken(token) {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) input.value = token;
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token }));
}

// Ask for this page again: it holds a new token, and says who is signed in now. The token is taken over
// when that is the person who opened the page. Returns "same", "other" or "out".
export async function renewSession() {
  const response = await fetch(window.location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const user = page.body.dataset.user ?? "";
  if (!user) return "out";
  if (user !== document.body.dataset.user) return "other";
  const token = page.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";
  if (token) useToken(token);
  return "same";
}
