// Sends what waits in the box (js/box.js) through the API, from a page or from the service worker.
// Nothing is lost: an entry leaves the box once the portal's answer was read. Nothing is doubled: an entry has one
// Idempotency-Key for ever, and one tab at a time sends.
(() => {
  "use strict";
  const { box } = self.doorstep;
  const WHO = "/wishes/log/who/";
  const API = "/api/v1/wishes/";
  const PATIENCE = 12000; // milliseconds: who stands at a door waits no longer
  const told = self.BroadcastChannel ? new BroadcastChannel("doorstep") : null;

  // Why sending stopped; `login` when nobody is signed in, `network` when no answer came, `other` for another person.
  class Stopped extends Error {
    constructor(why) {
      super(why);
      this.why = why;
    }
  }

  const ask = async (address, options = {}) => {
    const watch = new AbortController();
    const timer = setTimeout(() => watch.abort(), PATIENCE);
    try {
      const answer = await fetch(address, {
        ...options,
        redirect: "manual",
        cache: "no-store",
        signal: watch.signal,
        headers: { Accept: "application/json", ...options.headers },
      });
      const body = await answer.json().catch((error) => {
        if (error.name === "AbortError" || answer.ok) throw error; // cut off in the middle: as good as no answer
        return {};
      });
      return { status: answer.status, moved: answer.type === "opaqueredirect", body };
    } catch {
      throw new Stopped("network");
    } finally {
      clearTimeout(timer);
    }
  };

  // Ask the portal who is signed in, and make the box theirs. Throws Stopped; locks the box when nobody is.
  const who = async () => {
    const { status, moved, body } = await ask(WHO);
    if (status === 401 || moved) {
      await box.lock();
      throw new Stopped("login");
    }
    if (status !== 200) throw new Stopped("network");
    return { ...(await box.admit(body)), csrf: body.csrf };
  };

  // What the API is told of an entry.
  const bodyOf = ({ community, values }) => {
    const { name, phone, address, note, contact, publish, consent_sensitive: sensitive, soon, ...words } = values;
    const details = Object.entries({ name, phone, address, note }).filter(([, text]) => text);
    return {
      ...words,
      community,
      due_on: words.due_on || null,
      estimate: words.estimate || null,
      goal: words.goal || null,
      consent: { contact: Boolean(contact), publish: Boolean(publish), sensitive: Boolean(sensitive) },
      ...(details.length ? { resident: Object.fromEntries(details) } : {}),
    };
  };

  // Complaints under the names of the form's fields.
  const named = (fields = {}) => {
    const own = { "consent.sensitive": "consent_sensitive", consent: "contact" };
    const name = (field) => own[field] || field.replace(/^(resident|consent)\./, "");
    return Object.fromEntries(Object.entries(fields).map(([field, lines]) => [name(field), lines]));
  };

  // Read an answer: `code` when it arrived, `trouble` when a person must look at it; throws Stopped to try later.
  const judge = ({ status, moved, body }, entry) => {
    if (status === 401 || moved) throw new Stopped("login");
    if ([200, 201].includes(status) && body.code) {
      // The key had made a wish before the entry was changed here: the change is not in it.
      if (status === 200 && entry.changed) return { trouble: { kind: "arrived", code: body.code } };
      return { code: body.code };
    }
    if (status === 400 && body.fields) return { trouble: { kind: "fields", fields: named(body.fields) } };
    // Something else is to be done first, or the form's token is of a session that has just changed.
    if (status === 403 && /_required$/.test(body.code)) throw new Stopped("login");
    if (status === 403 && body.code === "not_allowed") throw new Stopped("network");
    if ([400, 403, 409, 413].includes(status)) return { trouble: { kind: "refused", text: body.detail || "" } };
    throw new Stopped("network");
  };

  // Send one entry and return it as it is now, with `code` or `trouble`; what arrived is out of the box. `tried` stays
  // on an entry while nobody knows whether the portal has it.
  const sendOne = async (entry, me) => {
    const sent = { ...entry, tried: true };
    delete sent.trouble;
    const iv = await box.keep(sent, me);
    const answer = await ask(API, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": me.csrf, "Idempotency-Key": entry.id },
      body: JSON.stringify(bodyOf(entry)),
    });
    const { code, trouble } = judge(answer, sent);
    if (code) await box.drop(entry.id, iv);
    if (trouble) await box.keep({ ...sent, tried: false, trouble }, me);
    return { ...sent, code, trouble };
  };

  // Send what waits and nobody must look at first, and return what became of it and why it stopped, if it did.
  const sendWaiting = async () => {
    const outcome = { done: [] };
    try {
      const me = await who();
      for (const entry of (await box.waiting(me)).entries) {
        if (!entry.trouble) outcome.done.push(await sendOne(entry, me));
      }
    } catch (stop) {
      if (!(stop instanceof Stopped)) throw stop;
      outcome.why = stop.why;
    }
    told?.postMessage(outcome.done.map(({ code }) => ({ code })));
    return outcome;
  };

  // One tab at a time; where locks are missing the key alone guards. `busy` when another tab is at it.
  const send = ({ wait = false } = {}) => {
    if (!navigator.locks) return sendWaiting();
    return navigator.locks.request("doorstep-send", { ifAvailable: !wait }, (lock) =>
      lock ? sendWaiting() : { done: [], why: "busy" },
    );
  };

  self.doorstep.sender = { send, who, Stopped };
})();
