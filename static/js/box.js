// What a phone keeps of wishes that were not sent yet: sealed entries, and the key of whoever is signed in.
// Pages and the service worker share it; nothing here asks the network.
//
// The key comes from the portal (`/wishes/log/who/`), is the same for one person at every sign-in, and cannot be read
// out of the browser again. It goes when they sign out, when their session ends, and when anybody else is seen to be
// signed in. Entries outlive a session that ended by itself: sealed until the same person signs in. Signing out
// takes the entries too.
self.doorstep = self.doorstep || {};
(() => {
  "use strict";
  const NAME = "doorstep";
  const ME = "me";
  const coder = new TextEncoder();

  // The database: `entries` are sealed, `keeper` holds who is signed in and their key.
  const open = () =>
    new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("entries", { keyPath: "id" });
        asked.result.createObjectStore("keeper");
      };
      asked.onsuccess = () => {
        asked.result.onversionchange = () => asked.result.close();
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });

  // Do one thing in one transaction, which is on the disk when this returns; `work` gets the store and a place for its answer.
  const within = async (store, mode, work) => {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode, { durability: "strict" });
        const answer = {};
        work(transaction.objectStore(store), answer);
        transaction.oncomplete = () => resolve(answer.value);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  };

  const read = (store, ask) =>
    within(store, "readonly", (things, answer) => {
      const asked = ask(things);
      asked.onsuccess = () => (answer.value = asked.result);
    });

  // A mark that any page reads without opening the database. It says whose the box is and how many wait, no more.
  const mark = (facts) => {
    if (!self.localStorage) return;
    if (facts) localStorage.setItem(NAME, JSON.stringify({ ...marked(), ...facts }));
    else localStorage.removeItem(NAME);
  };
  const marked = () => JSON.parse(self.localStorage?.getItem(NAME) || "null");

  // Whose phone it is now, with their key; null when nobody is signed in any more.
  const keeper = async () => {
    const kept = await read("keeper", (things) => things.get(ME));
    if (kept && new Date(kept.until) <= new Date()) {
      await lock();
      return null;
    }
    return kept || null;
  };

  // Let in whom the portal says is signed in: `who` is the answer of `/wishes/log/who/`.
  const admit = async (who) => {
    const bytes = Uint8Array.from(atob(who.key), (letter) => letter.charCodeAt(0));
    const key = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    const { owner, until, community, place, elder } = who;
    const kept = { owner, until, community, place, elder, key };
    await within("keeper", "readwrite", (things) => things.put(kept, ME));
    mark({ owner });
    return kept;
  };

  // Drop the key. What was written down stays, and nobody reads it until its writer signs in again.
  const lock = async () => {
    await within("keeper", "readwrite", (things) => things.clear());
    mark({ owner: "" });
  };

  // Drop everything, as the portal also asks of the browser when somebody signs out (Clear-Site-Data).
  const forget = async () => {
    for (const store of ["entries", "keeper"]) await within(store, "readwrite", (things) => things.clear());
    for (const name of await caches.keys()) await caches.delete(name);
    mark(null);
  };

  const bound = (iv, owner, id) => ({ name: "AES-GCM", iv, additionalData: coder.encode(`${owner} ${id}`) });

  // Seal an entry and keep it, in place of the one with the same id. Returns what `drop` asks for.
  const keep = async (entry, { owner, key }) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = coder.encode(JSON.stringify(entry));
    const sealed = await crypto.subtle.encrypt(bound(iv, owner, entry.id), key, plain);
    await within("entries", "readwrite", (things) => things.put({ id: entry.id, owner, iv, sealed }));
    return iv;
  };

  const unseal = async ({ id, owner, iv, sealed }, key) => {
    try {
      const plain = await crypto.subtle.decrypt(bound(iv, owner, id), key, sealed);
      return { ...JSON.parse(new TextDecoder().decode(plain)), iv };
    } catch {
      return null; // written under a key that the portal no longer gives
    }
  };

  // What waits: the keeper's own entries, oldest first; ids of theirs that no key opens; ids of others'.
  const waiting = async (kept) => {
    const rows = await read("entries", (things) => things.getAll());
    const own = rows.filter(({ owner }) => owner === kept?.owner);
    const opened = await Promise.all(own.map(async (row) => [row.id, await unseal(row, kept.key)]));
    const entries = opened.map(([, entry]) => entry).filter(Boolean);
    entries.sort((one, other) => one.at.localeCompare(other.at));
    mark(rows.length || marked() ? { waiting: rows.length } : null);
    return {
      entries,
      broken: opened.filter(([, entry]) => !entry).map(([id]) => id),
      others: rows.filter(({ owner }) => owner !== kept?.owner).map(({ id }) => id),
    };
  };

  const find = async (id, { owner, key }) => {
    const row = await read("entries", (things) => things.get(id));
    return row && row.owner === owner ? unseal(row, key) : null;
  };

  // Take an entry out; with `iv` only while it is still the one that was sealed then, and not changed since.
  const drop = (id, iv) =>
    within("entries", "readwrite", (things) => {
      const asked = things.get(id);
      asked.onsuccess = () => {
        if (asked.result && (!iv || String(asked.result.iv) === String(iv))) things.delete(id);
      };
    });

  // Whether this browser can keep anything safely: only over https, and not where storage is switched off.
  const able = () => Boolean(self.isSecureContext && self.crypto?.subtle && self.indexedDB && self.caches);

  self.doorstep.box = { able, admit, drop, find, forget, keep, keeper, lock, marked, waiting };

  // The first page that is not the keeper's own takes the key away: their session ended, or somebody else signed in.
  const page = self.document?.body.dataset;
  const owner = able() && page && !("shell" in page) && marked()?.owner;
  if (owner && owner !== (page.owner || "")) self.doorstep.locking = lock();
})();
