// Passkeys: offered where the browser has them; a try that failed or was cancelled says what to do next.
(() => {
  "use strict";
  const show = (mark) => document.querySelectorAll(`[${mark}]`).forEach((piece) => (piece.hidden = false));
  const able = window.isSecureContext && window.PublicKeyCredential;
  show(able ? "data-passkey" : "data-passkey-missing");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show("data-passkey-failed");
  });
})();
