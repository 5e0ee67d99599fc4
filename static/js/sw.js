// The service worker: it opens the page of a table, the box from outside, the page of an event and the front desk
// without a signal.
//
// Each is asked for first, and the last copy is shown when no answer comes, or none in time. A copy shows what this phone
// was shown: its numbers, and the name it writes under. So clearing the phone (outbox.js) takes the copies away, and so
// does signing out. No other page is kept: no participant's own page, no other page of the desk.

const COPIES = "copies";
const IN_TIME = 3000;
const PAGES = [/^\/t\/[^/]+$/, /^\/e\/[^/]+$/, /^\/e\/[^/]+\/outside$/, /^\/desk\/[^/]+\/arrivals$/];

const pathOf = (url) => url.pathname.toLowerCase();
const isPage = (url) => !url.search && PAGES.some((page) => page.test(pathOf(url)));
const isFile = (url) => (url.pathname.startsWith("/static/") && url.searchParams.has("v")) || pathOf(url) === "/brand.css";
// A phone without room keeps no copy, and is shown the page all the same.
const keep = (copies, name, answer) => copies.put(name, answer).catch(() => {});
const isOurs = (url) => url.origin === location.origin;

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method === "POST" && pathOf(url) === "/sign-out") event.waitUntil(caches.delete(COPIES));
  if (event.request.method !== "GET" || !isOurs(url)) return;
  if (event.request.mode === "navigate" && isPage(url)) event.respondWith(open(event, url));
  else if (isFile(url)) event.respondWith(file(event.request, url));
});

// What was there before this worker was: the page on which it began, and what that page is dressed in.
self.addEventListener("message", (event) => {
  const page = new URL(event.data.page, location.origin);
  if (isPage(page)) event.waitUntil(begin(page, event.data.files.map((address) => new URL(address))));
});

async function begin(page, files) {
  const copies = await caches.open(COPIES);
  if (!(await copies.match(pathOf(page)))) await copyOf(page, await fetch(page.href));
  for (const url of files.filter((each) => isOurs(each) && isFile(each))) await file(new Request(url.href), url);
}

async function open(event, url) {
  const fresh = fetch(event.request).then(async (answer) => {
    await copyOf(url, answer.clone());
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const copy = await (await caches.open(COPIES)).match(pathOf(url));
  if (!copy) return fresh;
  const late = new Promise((then) => setTimeout(() => then(copy), IN_TIME));
  return Promise.race([late, fresh.then((answer) => (answer.status >= 500 ? copy : answer), () => copy)]);
}

// A page that is gone leaves no copy behind.
async function copyOf(url, answer) {
  const copies = await caches.open(COPIES);
  if (answer.ok && !answer.redirected) await keep(copies, pathOf(url), answer);
  else if (answer.status === 404) await copies.delete(pathOf(url));
}

// A file with a version never changes; when a new version comes, the old one goes. The organiser's colour may change.
async function file(request, url) {
  const copies = await caches.open(COPIES);
  const copy = await copies.match(request);
  if (copy && url.searchParams.has("v")) return copy;
  try {
    const answer = await fetch(request);
    if (answer.ok) {
      for (const old of await copies.keys()) if (new URL(old.url).pathname === url.pathname) await copies.delete(old);
      await keep(copies, request, answer.clone());
    }
    return answer;
  } catch (problem) {
    if (copy) return copy;
    throw problem;
  }
}
