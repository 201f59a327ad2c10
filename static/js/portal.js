// Small conveniences. Every page works without them.
(() => {
  "use strict";
  const on = (type, act) => document.addEventListener(type, act);
  const show = (id) => document.getElementById(id)?.removeAttribute("hidden");

  // A menu closes when one looks elsewhere.
  const closeMenus = (except) => {
    document.querySelectorAll(".menu[open]").forEach((menu) => {
      if (!menu.contains(except)) menu.open = false;
    });
  };
  on("click", (event) => closeMenus(event.target));
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.(".menu[open]");
    closeMenus(null);
    menu?.querySelector("summary").focus();
  });

  // A form is sent once, however often the button is pressed; coming back through history frees it. One that
  // hands out a file leaves its page standing, and may be sent again.
  on("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "again" in form.dataset) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    event.submitter?.setAttribute("aria-busy", "true");
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
    document.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
  });

  // Buttons that need a browser's help stay hidden where it cannot help.
  const able = {
    back: () => history.length > 1,
    print: () => true,
    copy: () => navigator.clipboard,
    take: () => true,
  };
  const acts = {
    back: () => history.back(),
    print: () => window.print(),
    copy: async (button) => {
      await navigator.clipboard.writeText(button.dataset.copy);
      if (button.dataset.done) button.textContent = button.dataset.done;
    },
    // A text that stands on the page: without a clipboard, as in WeChat, it is marked, and copied where that is left.
    take: async (button) => {
      const text = document.querySelector(button.dataset.take);
      text.select();
      const took = navigator.clipboard
        ? await navigator.clipboard.writeText(text.value).then(() => true, () => false)
        : document.execCommand("copy");
      if (took) button.textContent = button.dataset.done;
    },
  };
  const unhide = () => {
    for (const [name, can] of Object.entries(able)) {
      if (can()) document.querySelectorAll(`[data-${name}][hidden]`).forEach((button) => (button.hidden = false));
    }
  };
  on("click", (event) => {
    for (const [name, act] of Object.entries(acts)) {
      const button = event.target.closest(`[data-${name}]`);
      if (button) act(button);
    }
  });

  on("focusin", (event) => "whole" in event.target.dataset && event.target.select());

  // What htmx asked for and did not get; the next try takes the line away.
  const lines = ["not-sent", "not-done"];
  on("htmx:beforeRequest", () => lines.forEach((id) => document.getElementById(id)?.setAttribute("hidden", "")));
  const aside = ({ target }) => target.closest("[data-aside]"); // nobody pressed anything: no word when it fails
  on("htmx:sendError", (event) => aside(event) || show("not-sent"));
  on("htmx:timeout", (event) => aside(event) || show("not-sent"));
  on("htmx:responseError", (event) => aside(event) || show("not-done"));
  on("htmx:beforeSwap", (event) => {
    // Signed out meanwhile: the whole page goes to the sign-in, not a piece of it.
    const login = document.body.dataset.login;
    if (!login || new URL(event.detail.xhr.responseURL, location).pathname !== login) return;
    event.detail.shouldSwap = false;
    location.assign(`${login}?next=${encodeURIComponent(location.pathname + location.search)}`);
  });
  on("htmx:afterSettle", (event) => {
    unhide();
    // The pressed button is gone with the old piece: one goes on from the first complaint, or from the new piece.
    if (document.activeElement !== document.body) return;
    const wrong = event.target.querySelector("[aria-invalid=true]");
    if (wrong) return wrong.focus();
    event.target.tabIndex = -1;
    event.target.focus({ preventScroll: true });
  });

  unhide();
})();
