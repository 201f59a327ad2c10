/* What the admin's theme leaves out for screen readers. */

/* A search field stands in for a select and leaves its label behind. */
function nameSearchFields() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = document.querySelector(`label[for="${select.id}"]`)?.textContent.trim();
    const shown = select.parentElement.querySelectorAll(".select2-selection, .select2-selection__rendered");
    for (const part of shown) {
      if (label && part.getAttribute("aria-label") !== label) part.setAttribute("aria-label", label);
    }
  }
}

/* An icon is drawn from an English word, which is not to be read out beside the Chinese one. */
function silenceIcons() {
  for (const icon of document.querySelectorAll(".material-symbols-outlined:not([aria-hidden])")) {
    if (icon.parentElement.textContent.trim() !== icon.textContent.trim()) icon.ariaHidden = "true";
  }
}

document.addEventListener("DOMContentLoaded", () => {
  silenceIcons();
  nameSearchFields();
  new MutationObserver(nameSearchFields).observe(document.body, { childList: true, subtree: true });
});
