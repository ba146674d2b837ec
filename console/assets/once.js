// A form is sent once, however often its button is pressed. Without this file a second press is told that it came second.
const SHORTLY = 5000;
const waiting = new WeakMap();
const free = (form) => {
  clearTimeout(waiting.get(form));
  form.removeAttribute("data-sent");
};
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  form.setAttribute("data-sent", "");
  // Stopped by its reader, or answered with a file: the page stays, and its forms are good again.
  waiting.set(form, setTimeout(free, SHORTLY, form));
});
// The way back leads to a page as it was left.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) free(form);
});
