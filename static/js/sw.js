// The service worker: opens the log form without a network, and sends what waits when the network returns.
// Served at /sw.js with lines put in front that say what the shell is: SHELL, its address; PIECES, the sheets and
// scripts it needs; SCRIPTS, those this worker shares with pages; RELEASE, which changes whenever any of them does.
// It keeps these and nothing else: no page that holds anybody's data ever passes into a cache.
importScripts(...SCRIPTS);

const CACHE = `shell-${RELEASE}`;
const LOG = "/wishes/log/";
const PATIENCE = 5000; // milliseconds for the log form; a bar of signal that carries nothing is no network
const OURS = ["/", "/start/", "/inbox/"]; // and everything of wishes

// Asked without cookies: the shell is the same for everybody.
async function fill() {
  const cache = await caches.open(CACHE);
  const wanted = [SHELL, ...PIECES].map((path) => new Request(path, { credentials: "omit", cache: "reload" }));
  await cache.addAll(wanted);
}

async function clean() {
  const old = (await caches.keys()).filter((name) => name.startsWith("shell-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

const shellPiece = async (path) => (await caches.match(path, { cacheName: CACHE })) || fetch(path);

// A page, or else the way to the form that works without a network.
async function pageOrShell(request, patience) {
  const tooLong = new Promise((_, reject) => patience && setTimeout(reject, patience));
  try {
    return await Promise.race([fetch(request), tooLong]);
  } catch {
    return Response.redirect(SHELL);
  }
}

function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname === SHELL) {
    event.respondWith(shellPiece(SHELL));
  } else if (request.mode === "navigate") {
    if (!OURS.includes(pathname) && !pathname.startsWith("/wishes/")) return;
    event.respondWith(pageOrShell(request, pathname === LOG && PATIENCE));
  } else if (PIECES.includes(pathname) && new URL(request.referrer || origin).pathname === SHELL) {
    event.respondWith(shellPiece(pathname));
  }
}

// Tried again by the browser while it throws.
async function sendLater() {
  const { why } = await self.doorstep.sender.send();
  if (why === "network") throw new Error("not sent yet");
}

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(clean()));
self.addEventListener("fetch", answer);
self.addEventListener("sync", (event) => event.tag === "doorstep" && event.waitUntil(sendLater()));
