// Shows what waits in this phone, and sends it whenever there may be a network: as a page opens, as the network returns,
// as one comes back to the window, and now and then. On the log form it is a list, on other pages one line.
(() => {
  "use strict";
  const { box, sender } = self.doorstep;
  const AGAIN = 30000; // milliseconds
  const list = document.getElementById("waiting");
  if (!box.able()) return;

  const say = (id, show, words) => {
    const line = document.getElementById(id);
    if (!line) return;
    line.hidden = !show;
    if (words !== undefined) line.querySelector("[data-words]").textContent = words;
  };

  // One entry as a row: what, which kind, since when, and what is wrong with it if anything is.
  const troubleOf = (entry) => {
    const { kind, text, code, fields } = entry.trouble;
    const words = { fields: Object.values(fields || {}).flat().join(""), refused: text, arrived: code }[kind];
    return list.dataset[kind].replace("…", words);
  };

  const row = (entry) => {
    const item = document.getElementById("waiting-row").content.cloneNode(true).firstElementChild;
    const put = (part, words) => (item.querySelector(`[data-part=${part}]`).textContent = words);
    put("title", entry.values.title);
    put("kind", document.querySelector(`[name=kind][value="${entry.values.kind}"]`)?.parentElement.innerText || "");
    put("at", new Date(entry.at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" }));
    if (entry.trouble) {
      put("trouble", troubleOf(entry));
      item.querySelector("[data-part=trouble]").hidden = false;
    }
    item.querySelector("[data-edit]").addEventListener("click", () => {
      document.dispatchEvent(new CustomEvent("doorstep:edit", { detail: entry }));
    });
    item.querySelector("[data-drop]").addEventListener("click", () => dropAll([entry.id]));
    return item;
  };

  const dropAll = async (ids) => {
    for (const id of ids) await box.drop(id);
    await show();
    list.querySelector("h2").focus();
  };

  // Fill the list, or the line, with what the box holds now. The entry that stands in the form is not listed.
  const show = async () => {
    await self.doorstep.locking;
    const me = await box.keeper();
    const { entries, broken, others: rest } = await box.waiting(me);
    const others = me ? rest : []; // with nobody signed in nobody's are others'
    const own = entries.length + broken.length;
    if (!list) return say("kept", own, own);
    const inForm = document.querySelector("[data-doorstep] [name=key]")?.value;
    const listed = entries.filter(({ id }) => id !== inForm);
    list.hidden = !(listed.length + broken.length + others.length);
    say("kept-count", listed.length, listed.length);
    list.querySelector("ul").replaceChildren(...listed.map(row));
    say("waiting-broken", broken.length, broken.length);
    say("waiting-others", others.length, others.length);
    document.getElementById("drop-broken").onclick = () => dropAll(broken);
    document.getElementById("drop-others").onclick = () => dropAll(others);
  };

  const WHYS = ["login", "network"];
  const arrived = new Set(); // since this page opened
  const tell = (done) => {
    done.forEach(({ code }) => code && arrived.add(code));
    if (arrived.size) say("arrived", true, [...arrived].join("、"));
  };

  // Try to send. `wait` when somebody pressed a button, and another tab is let finish first.
  const send = async (options) => {
    const outcome = await sender.send(options);
    tell(outcome.done);
    if (outcome.why !== "busy") WHYS.forEach((each) => say(`why-${each}`, each === outcome.why));
    await show();
    return outcome;
  };

  const sendIfAny = () => (list || box.marked()?.waiting ? send() : null);

  // The browser tries by itself too, with this page closed, where it can.
  const sendLater = async () => {
    const worker = await navigator.serviceWorker?.ready;
    await worker?.sync?.register("doorstep").catch(() => null);
  };

  self.doorstep.waiting = { send, sendLater, show };

  window.addEventListener("online", sendIfAny);
  document.addEventListener("visibilitychange", () => document.hidden || sendIfAny());
  setInterval(() => document.hidden || !box.marked()?.waiting || send(), AGAIN);
  // What another tab or the service worker has sent.
  const heard = self.BroadcastChannel && new BroadcastChannel("doorstep");
  heard?.addEventListener("message", ({ data }) => {
    tell(data);
    show();
  });

  // Signing out takes what waits along: said before, and done here as well as by the portal's answer.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target;
      if (!form.matches("[data-sign-out]")) return;
      event.preventDefault();
      event.stopPropagation();
      if (box.marked()?.waiting && !document.getElementById("sign-out-kept")) return location.assign(form.action);
      await box.forget().catch(() => null);
      form.submit();
    },
    { capture: true },
  );
  say("sign-out-kept", box.marked()?.waiting, box.marked()?.waiting);

  self.doorstep.ready = sendIfAny() || Promise.resolve();
})();
