// Shows a password while it is typed. Without this file every form works; there is only no such button.
for (const field of document.querySelectorAll("input[type=password][data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet small";
  button.textContent = field.dataset.show;
  button.setAttribute("aria-pressed", "false");
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const shown = field.type === "text";
    field.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
    button.textContent = shown ? field.dataset.show : field.dataset.hide;
  });
  field.after(button);
  field.form?.addEventListener("submit", () => { field.type = "password"; });
}
