// The installed copy of the app. A version is taken whole or not at all: each file is downloaded
// against the SHA-256 that the build wrote below, into a cache of its own, and one mismatch fails the
// installation. The previous version stays until the new one has started. Records live in
// IndexedDB, which is never touched from here; nor is the sync API.

/** @type {{version: string, files: [string, string][]}} written by the build */
const BUILD = { version: "unsealed", files: [] };

const PREFIX = "satchel-";
const OWN = PREFIX + BUILD.version;
const LIST = "precache.json"; // kept in each cache: what it holds, so that the next version can reuse it
const SERVING = `${PREFIX}serving`; // holds the name of an older version, when the person went back to it

const scope = new URL(self.registration.scope);
const inScope = (path) => new URL(path, scope).href;

// ------------------------------------------------------------------ install

self.addEventListener("install", (event) => event.waitUntil(install()));

async function install() {
  if (BUILD.files.length === 0) throw new Error("this build was not sealed");
  const kept = await keptFiles();
  const cache = await caches.open(OWN);
  try {
    await Promise.all(BUILD.files.map((file) => take(cache, file, kept)));
    await cache.put(inScope(LIST), Response.json(BUILD));
  } catch (error) {
    await caches.delete(OWN);
    throw error;
  }
}

/** One file: from an older version when it is the same, else from the network. */
async function take(cache, [path, integrity], kept) {
  const url = inScope(path);
  const old = await kept.get(integrity)?.();
  await cache.put(url, old ? anew(old) : await download(url, integrity));
}

/** A response remembers its address, and a module resolves its imports against it: an older version's
 *  must be forgotten. */
function anew(response) {
  return new Response(response.body, { headers: response.headers });
}

async function download(url, integrity) {
  const get = (cache) => fetch(url, { integrity, cache, credentials: "same-origin", redirect: "error" });
  // A stale copy in the browser's own cache must not fail an installation for ever.
  const response = await get("default").catch(() => get("reload"));
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response;
}

/** What complete older versions hold, by integrity. */
async function keptFiles() {
  const kept = new Map();
  for (const name of await versions()) {
    const cache = await caches.open(name);
    const list = await cache.match(inScope(LIST)).then((found) => found?.json());
    for (const [path, integrity] of list?.files ?? []) {
      kept.set(integrity, () => cache.match(inScope(path)));
    }
  }
  return kept;
}

const versions = async () =>
  (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN && name !== SERVING);

// ------------------------------------------------------------------ versions

self.addEventListener("activate", (event) => {
  event.waitUntil(caches.delete(SERVING).then(() => self.clients.claim()));
});

self.addEventListener("message", (event) => {
  const answer = MESSAGES[event.data?.type ?? event.data];
  if (answer) event.waitUntil(answer(event.data).then((value) => event.ports[0]?.postMessage(value)));
});

const MESSAGES = {
  activate: async () => self.skipWaiting(),
  "activate-if-alone": async () => {
    const taken = await oneWindow();
    if (taken) await self.skipWaiting();
    return { taken };
  },
  booted: async ({ version }) => {
    // Another window may still run an older version and need its files; a newer version that has come
    // meanwhile keeps its own, and is looked for after the list was made.
    const others = await versions();
    const alone = await oneWindow();
    const { installing, waiting } = self.registration;
    if (version !== BUILD.version || !alone || installing || waiting) return;
    await Promise.all(others.map((name) => caches.delete(name)));
  },
  "take-shared": async () => {
    const taken = shared;
    shared = null;
    return taken;
  },
  "take-shared-files": async () => sharedFiles.splice(0),
  "has-previous": async () => ({ previous: (await versions()).length > 0 }),
  "use-previous": async () => {
    const previous = (await versions()).at(-1);
    const serving = await caches.open(SERVING);
    if (previous) await serving.put(inScope(LIST), Response.json(previous));
    return { previous: previous !== undefined };
  },
};

async function oneWindow() {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  return windows.filter((window) => window.url.startsWith(scope.href)).length <= 1;
}

/** A reminder leads to the tasks: in the window that is open, or in a new one. */
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    self.clients.matchAll({ type: "window" }).then((windows) => {
      const open = windows.find((window) => window.url.startsWith(scope.href));
      return open ? open.focus() : self.clients.openWindow(inScope("tasks"));
    }),
  );
});

// ------------------------------------------------------------------ fetch

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  const isApi = url.pathname.startsWith("/v1/") || url.pathname.startsWith(`${scope.pathname}v1/`);
  const isShare = request.method === "POST" && url.pathname === `${scope.pathname}share`;
  if (isShare && url.origin === scope.origin) return event.respondWith(takeShare(request));
  if (request.method !== "GET" || url.origin !== scope.origin || isApi) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else event.respondWith(file(request));
});

/** What another app shares is kept in memory until the page asks for it, and goes nowhere else: the workspace
 *  may be locked. */
let shared = null;
const sharedFiles = [];

async function takeShare(request) {
  try {
    const form = await request.formData();
    const parts = ["title", "text", "url"].map((name) => form.get(name)).filter((part) => typeof part === "string");
    const lines = [...new Set(parts.map((part) => part.trim()))].filter((part) => part !== "");
    shared = lines.filter((line) => !lines.some((other) => other !== line && other.includes(line))).join("\n");
    const files = form.getAll("files").filter((part) => part instanceof File && part.size > 0);
    sharedFiles.splice(0, Infinity, ...files);
  } catch {
    shared = null; // nothing that could be read: the app opens all the same, and says so
    sharedFiles.length = 0;
  }
  return Response.redirect(inScope("share"), 303);
}

/** Every address of the app is the same page; the router reads the rest. */
async function page(request) {
  const own = await caches.open(await serving());
  return (await own.match(scope.href)) ?? fetch(request);
}

/** Own version first, then any other that is still here (a window may run it), then the network. */
async function file(request) {
  const own = await caches.open(await serving());
  const options = { ignoreSearch: true };
  return (await own.match(request, options)) ?? (await caches.match(request, options)) ?? fetch(request);
}

async function serving() {
  if (!(await caches.has(SERVING))) return OWN;
  const cache = await caches.open(SERVING);
  const name = await cache.match(inScope(LIST)).then((found) => found?.json());
  return name && (await caches.has(name)) ? name : OWN;
}
