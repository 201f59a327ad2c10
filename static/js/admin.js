/* The framework's search fields stand in for a select and leave its label behind: hand it on to screen readers. */
addEventListener("load", () => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const shown = select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered");
    for (const part of shown) part.setAttribute("aria-label", label ?? "");
  }
});
