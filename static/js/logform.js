// The log form: what is written goes into the box first and from there to the portal, so that no press is in vain. On
// /wishes/log/ one goes on to the preview as without scripts; without a network one writes the next wish.
(() => {
  "use strict";
  const form = document.querySelector("form[data-doorstep]");
  const { box, waiting, ready } = self.doorstep;
  if (!form || !box.able()) return;
  const alone = "shell" in document.body.dataset; // the form that opened without a network
  let me = null;
  let busy = false;

  // Days that people say, as `wishes.forms.Soon` counts them.
  const dayOf = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((n) => `${n}`.padStart(2, "0")).join("-");
  const lastDay = (soon, today = new Date()) => {
    const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
    const sunday = day + ((7 - today.getDay()) % 7);
    const days = {
      this_week: () => new Date(year, month, sunday),
      next_week: () => new Date(year, month, sunday + 7),
      this_month: () => new Date(year, month + 1, 0),
    };
    return days[soon] ? dayOf(days[soon]()) : "";
  };

  const read = () => {
    const { csrfmiddlewaretoken, key, ...values } = Object.fromEntries(new FormData(form));
    return { ...values, due_on: lastDay(values.soon) || values.due_on || "" };
  };

  const fill = ({ id, values }) => {
    for (const field of form.elements) {
      if (["radio", "checkbox"].includes(field.type)) {
        field.checked = field.type === "radio" ? values[field.name] === field.value : Boolean(values[field.name]);
      } else if (field.name in values) field.value = values[field.name];
    }
    const day = form.querySelector("[name=soon][value=a_day]");
    if (values.due_on) day.checked = true;
    form.elements.key.value = id;
    form.querySelectorAll("details").forEach((fold) => {
      fold.open = [...fold.querySelectorAll("input, textarea, select")].some(({ type, checked, value }) =>
        type === "checkbox" || type === "radio" ? checked : value,
      );
    });
  };

  const empty = () => {
    form.reset();
    form.elements.key.value = crypto.randomUUID();
    form.querySelectorAll("details").forEach((fold) => (fold.open = false));
  };

  // Complaints stand where the server would put them, and the first gets the focus.
  const hush = () => {
    form.querySelectorAll(".errors").forEach((lines) => lines.remove());
    form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  };
  const complain = (fields) => {
    hush();
    for (const [name, lines] of Object.entries(fields)) {
      const field = form.querySelector(`[name="${name}"]`) || form.elements.title;
      const errors = document.createElement("ul");
      errors.className = "errors";
      errors.id = `${field.id}_error`;
      errors.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
      (field.type === "radio" ? field.closest("fieldset") : field.closest(".field")).append(errors);
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", errors.id);
      const fold = field.closest("details");
      if (fold) fold.open = true;
    }
    form.querySelector("[aria-invalid]")?.focus();
  };

  const say = (id) => {
    for (const line of document.querySelectorAll(".said")) line.hidden = line.id !== id;
  };

  // What is not even kept: a wish without its words, and details of somebody who did not agree.
  const wrong = (values) => {
    const asked = [...form.elements].filter((field) => field.willValidate && !field.checkValidity());
    const complaints = Object.fromEntries(asked.map(({ name, validationMessage }) => [name, [validationMessage]]));
    const details = ["name", "phone", "address", "note"].some((name) => values[name].trim());
    if (details && !values.contact) complaints.contact = [form.dataset.consent];
    return Object.keys(complaints).length ? complaints : null;
  };

  // Put what is written into the box, and return the entry; null when the phone is no longer this person's.
  const keep = async () => {
    const now = await box.keeper();
    if (!now || now.owner !== me.owner) return null;
    const { save, ...values } = read();
    const id = form.elements.key.value;
    const before = await box.find(id, now);
    const editing = form.dataset.editing === id;
    const entry = {
      id,
      values,
      at: before?.at || new Date().toISOString(),
      community: before?.community || now.community,
      changed: Boolean(before?.changed || before?.tried || (editing && !before)),
    };
    await box.keep(entry, now);
    return entry;
  };

  // Make room for the next wish.
  const next = async (words) => {
    empty();
    say(words);
    await waiting.show();
    form.elements.title.focus();
  };

  const onwards = ({ code }, draft) => location.assign(draft ? `/wishes/${code}/` : `/wishes/${code}/preview/`);

  const submit = async (draft) => {
    const entry = await keep();
    if (!entry) return say("said-locked");
    if (alone) {
      // Nobody at a door waits for a network that may be there: it is kept, and sent while the next one is written.
      waiting.send({ wait: true }).then(waiting.sendLater);
      return next("said-kept");
    }
    const { done } = await waiting.send({ wait: true });
    const mine = done.find(({ id }) => id === entry.id);
    if (mine?.code) return onwards(mine, draft);
    if (mine?.trouble?.kind === "fields") {
      form.dataset.editing = entry.id;
      return complain(mine.trouble.fields);
    }
    if (!mine) waiting.sendLater();
    return next(mine ? "" : "said-kept");
  };

  form.addEventListener("submit", async (event) => {
    if (!me && !alone) return; // nothing can be kept here: sent as a form, as without scripts
    event.preventDefault();
    if (busy || !me) return me || say("said-locked");
    hush();
    const complaints = wrong(read());
    if (complaints) return complain(complaints);
    busy = true;
    event.submitter?.setAttribute("aria-busy", "true");
    try {
      await submit(event.submitter?.name === "save" || "warden" in form.dataset);
    } finally {
      busy = false;
      event.submitter?.removeAttribute("aria-busy");
    }
  });

  document.addEventListener("doorstep:edit", async ({ detail: entry }) => {
    hush();
    fill(entry);
    form.dataset.editing = entry.id;
    await waiting.show();
    form.scrollIntoView();
    form.elements.title.focus();
    if (entry.trouble?.kind === "fields") complain(entry.trouble.fields);
  });

  // Whose phone it is: first as was said last, then as the portal says, if it answers.
  const settle = async () => {
    await self.doorstep.locking;
    me = await box.keeper();
    if (!alone) return;
    document.documentElement.classList.toggle("elder", Boolean(me?.elder));
    form.hidden = !me;
    document.getElementById("locked").hidden = Boolean(me);
    document.querySelectorAll("[data-place]").forEach((line) => (line.textContent = me?.place || ""));
  };
  if (alone) form.elements.key.value = crypto.randomUUID();
  settle().then(() => ready).then(settle);
  navigator.serviceWorker?.register("/sw.js").catch(() => null);
})();
