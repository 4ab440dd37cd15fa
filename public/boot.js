// Starts the app, and keeps its installed copy current. It shows nothing itself but the first words of the welcome, so that
// they need not wait for the app, and a failed start.
//
// Attributes of its own script element (written by the build):
//   data-base    where the app lives, "/" or "/app/"
//   data-app     the interface's module        data-wasm   its code
//   data-engine  the engine's worker, for `new Worker(url, {type: "module"})`
//   data-sync    the sync server's origin, when it is another one
//   data-build   the version; absent in a build that was not sealed, which is never installed
//
// A version that arrives while the app runs is the app's to offer: it posts "activate" to the waiting
// service worker and loads the page anew.
const build = document.getElementById("boot").dataset;
const installs = "serviceWorker" in navigator && build.build !== undefined;

/** Asks a service worker; `undefined` when it does not answer within two seconds. */
function ask(worker, message) {
  return new Promise((answer) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => answer(event.data);
    setTimeout(answer, 2000);
    worker.postMessage(message, [channel.port2]);
  });
}

/** A version that waits since last time is taken at a cold start, if no other window is open. */
async function takeWaiting() {
  const registration = await navigator.serviceWorker.getRegistration(build.base);
  const waiting = registration?.waiting;
  if (!waiting || !navigator.serviceWorker.controller) return false;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  return (await ask(waiting, { type: "activate-if-alone" }))?.taken === true;
}

/** Looks for a new version whenever the app comes back into sight or onto a network. */
function keepLooking(registration) {
  const look = () => {
    if (document.visibilityState === "visible") registration.update().catch(() => {});
  };
  document.addEventListener("visibilitychange", look);
  window.addEventListener("online", look);
}

async function install() {
  const workers = navigator.serviceWorker;
  const registration = await workers.register(`${build.base}sw.js`, {
    scope: build.base,
    updateViaCache: "none",
  });
  keepLooking(registration);
  await workers.ready;
  registration.active?.postMessage({ type: "booted", version: build.build });
}

const WORDS = {
  "zh-CN": {
    app: "行囊",
    headline: "把客户装进只有您能打开的行囊",
    tagline: "加密保存在本机，没有网络也能用",
    failed: "行囊未能启动。本机上的记录没有受影响。",
    retry: "再试一次",
    previous: "使用上一个版本",
  },
  en: {
    app: "Satchel",
    headline: "Your customers, in a bag only you can open",
    tagline: "Sealed on this device. It works without a network.",
    failed: "Satchel could not start. What is on this device is untouched.",
    retry: "Try again",
    previous: "Use the previous version",
  },
};

/** Whether this device has a workspace; without storage nobody knows. */
function isKnown() {
  try {
    const known = JSON.parse(localStorage.getItem("satchel.workspaces") ?? "null");
    return (known?.list ?? known)?.length > 0; // an older app kept the list alone
  } catch {
    return true;
  }
}

/** Says the welcome's first words where there is no workspace and nobody came by a link; a promise that they are seen. */
function greet() {
  const [shell, name] = ["shell", "shell-name"].map((id) => document.getElementById(id));
  if (isKnown() || location.hash || !shell || !name) return;
  const words = WORDS[document.documentElement.lang] ?? WORDS.en;
  const make = (tag, text, className) =>
    Object.assign(document.createElement(tag), { textContent: text, className });
  // Elements of their own, where the app has them: what is painted first counts as the page's content, and nothing
  // moves when the app takes over.
  name.previousElementSibling.append(make("span", words.app, ""));
  name.replaceWith(make("h1", words.headline, ""), make("p", words.tagline, "flap-p"));
  shell.classList.add("hello");
  return painted("H1");
}

/** Until an element of this name is on screen; not for long, since a window that is hidden paints nothing. */
function painted(name) {
  return new Promise((seen) => {
    setTimeout(seen, 400);
    const look = (found) => found.getEntries().some((paint) => paint.element?.tagName === name) && seen();
    new PerformanceObserver(look).observe({ type: "largest-contentful-paint", buffered: true });
  });
}

/** What failed, what is safe, what to do. */
async function showFailure(error) {
  const part = (name) => document.getElementById(`shell-${name}`);
  const template = part("failed");
  if (!template) return; // the app is on screen and says it better
  console.error("satchel: not started:", error);
  const words = WORDS[document.documentElement.lang] ?? WORDS.en;
  template.replaceWith(template.content);
  part("reason").textContent = words.failed;
  part("code").textContent = `${build.build ?? "unsealed"} · ${error?.name ?? "Error"}`;
  part("retry").textContent = words.retry;
  part("retry").onclick = () => location.reload();
  await offerPrevious(part("acts"), words);
}

/** Going back to the version before, when the installed copy still has it. */
async function offerPrevious(actions, words) {
  const worker = installs ? navigator.serviceWorker.controller : null;
  const known = worker ? await ask(worker, { type: "has-previous" }) : undefined;
  if (!known?.previous) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-2";
  button.textContent = words.previous;
  button.onclick = async () => {
    await ask(worker, { type: "use-previous" });
    location.reload();
  };
  actions.append(button);
}

async function start(greeted) {
  if (installs && (await takeWaiting().catch(() => false))) return;
  const code = fetch(build.wasm);
  code.catch(() => {}); // told by the await below, once
  // The app takes the page over: were it faster than the paint, the words would be painted for the first time by it.
  const [app] = await Promise.all([import(build.app), greeted]);
  await app.default({ module_or_path: code });
  if (installs) install().catch((error) => console.warn("satchel: not installed:", error));
}

start(greet()).catch(showFailure);
