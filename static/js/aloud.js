// Reads the page out: <button data-read="#main" data-stop="停下" hidden>. Shown only where the browser can speak.
(() => {
  "use strict";
  const speech = window.speechSynthesis;
  if (!speech || !window.SpeechSynthesisUtterance) return;

  // Sentence by sentence: browsers fall silent in the middle of long ones.
  const sentences = (text) => text.split(/(?<=[。？！；])|\n+/).map((piece) => piece.trim()).filter(Boolean);

  const said = (words, then) => {
    const utterance = new SpeechSynthesisUtterance(words);
    utterance.lang = "zh-CN";
    utterance.rate = 0.85;
    utterance.voice = speech.getVoices().find(({ lang }) => /^zh[-_](CN|Hans)/i.test(lang)) || null;
    if (then) utterance.onend = utterance.onerror = then;
    return utterance;
  };

  for (const button of document.querySelectorAll("[data-read]")) {
    const word = button.textContent;
    const rest = () => {
      button.textContent = word;
      delete button.dataset.reading;
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      speech.cancel();
      if ("reading" in button.dataset) return rest();
      const pieces = sentences(document.querySelector(button.dataset.read).innerText);
      pieces.forEach((piece, at) => speech.speak(said(piece, at === pieces.length - 1 ? rest : null)));
      button.dataset.reading = "yes";
      button.textContent = button.dataset.stop;
    });
  }
  window.addEventListener("pagehide", () => speech.cancel());
})();
