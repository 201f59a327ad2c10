// Passkeys: offered where the browser has them; a try that failed or was cancelled says what to do next.
// <form data-passkey="loginForm" data-button="its id" data-credential="its id" hidden>, after allauth's webauthn.js.
(() => {
  "use strict";
  const BUTTON = { addForm: "add", authenticateForm: "authenticate", loginForm: "login" };
  const show = (mark) => document.querySelectorAll(`[${mark}]`).forEach((piece) => (piece.hidden = false));
  if (!window.isSecureContext || !window.PublicKeyCredential) return show("data-passkey-missing");
  document.querySelectorAll("[data-passkey]").forEach((place) => {
    const { passkey: flow, button, credential, alone: passwordless } = place.dataset;
    const ids = { [BUTTON[flow]]: button, credential, passwordless, data: "js_data" };
    window.allauth.webauthn.forms[flow]({ ids });
  });
  show("data-passkey");
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    show("data-passkey-failed");
  });
})();
