// The outbox. What somebody does on a phone is kept on it before anything is sent, and sent until there is an answer.
//
//   <form method="post" action="…" data-outbox="Your thought">   an act: kept under an id that is made here, then sent
//     data-outbox-then="reload"                                  its page shows what became of it
//     data-outbox-elsewhere="/e/K7PM/outside"                    where its words can go when its own address is gone
//   <div id="outbox" role="status" data-everything>              where the phone says how it stands; of all it ever kept
//   <form data-outbox-clear>                                     takes everything off the phone
//
// A kept act lies in localStorage, because that is written before the next line runs: the tab may close in the next
// millisecond. It waits, then it was sent (its words go, its receipt stays), or refused (its words stay, for mending).
// Acts go out one after the other, in their order, from one tab at a time: a lease in localStorage says from which. Two
// tabs that send all the same do no harm, because the server answers an id that it knows with the first receipt. A clock
// that ticks each second notices a phone that has slept. The server's half is described in hackathon/web/acts.py.

const ACT = "outbox.act.";
const DRAFT = "outbox.draft.";
const LEASE = "outbox.lease";
const LEASE_TIME = 6000;
const PATIENCE = 15_000;
const LONGEST_PAUSE = 8000;
const LONGEST_ASKED = 60_000;
const SENT_KEPT = 20;
const NO_IN_WORDS = [404, 405, 409, 410, 413, 422];
const MOST_KEPT_ALIVE = 50_000; // browsers let no more than 64 KB outlive a page, and would send nothing of it at all
const NOT_OURS = ["csrf_token", "client_id", "waited"];
const ROOM = 4000;

const WORDS = {
  sending: "Saved on this phone, sending.",
  dark: "Saved on this phone. It goes out when there is a signal.",
  unkept: "Sending. Stay on this page until it says sent.",
  unkeptDark: "It goes out when there is a signal. Stay on this page until it says sent.",
  forgetful: "This phone keeps nothing for this site: stay on this page until it says sent.",
  cookieless: "Nothing can be sent from here while cookies are blocked. Allow them, then open this page again.",
  back: "Your words are back in the box.",
  notSent: "Not sent yet.",
  last: "This was never sent. Taken off the phone, it is gone.",
  cleared: "This phone is cleared. Press once more when there is a signal: your numbers and your name go then.",
};

// --- What the phone keeps; a page's own memory stands in where it keeps nothing, or no more.

const memory = new Map();
let forgetful = false;
let disk = null;

try {
  disk = window.localStorage;
  disk.setItem(`${ACT}room`, "x".repeat(ROOM));
} catch {
  forgetful = true;
}
disk?.removeItem(`${ACT}room`);

// Without one the server takes nothing, and only a cookie that does not stay says that none do.
const takesCookies = (() => {
  document.cookie = "stays=1; SameSite=Strict";
  const stays = document.cookie.includes("stays=1");
  document.cookie = "stays=; max-age=0";
  return stays;
})();

const read = (key) => memory.get(key) ?? disk?.getItem(key) ?? null;
const keysOf = (kind) => [...memory.keys(), ...Object.keys(disk ?? {})].filter((key) => key.startsWith(kind));

function write(key, value) {
  try {
    disk.setItem(key, value);
    memory.delete(key);
  } catch {
    forgetful = true;
    memory.set(key, value);
  }
}

function drop(key) {
  memory.delete(key);
  disk?.removeItem(key);
}

function parsed(key) {
  try {
    return JSON.parse(read(key));
  } catch {
    return null;
  }
}

const acts = () =>
  keysOf(ACT).map(parsed).filter(Boolean).sort((one, other) => one.turn - other.turn || (one.id < other.id ? -1 : 1));
const waiting = () => acts().filter((act) => act.state === "waiting");
const save = (act) => write(ACT + act.id, JSON.stringify(act));

const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// --- From the form into the outbox.

const forms = () => [...document.querySelectorAll("form[data-outbox]")];
const here = () => location.pathname + location.search;
const addressOf = (form) => new URL(form.action).pathname + new URL(form.action).search;
const questionsOf = (form) =>
  [...form.elements].filter((field) => field.matches("textarea, select, input:not([type=hidden])"));
const answersIn = (form) =>
  [...new FormData(form)].filter(([name, value]) => !NOT_OURS.includes(name) && typeof value === "string");

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches("form[data-outbox]")) return;
  const words = form.querySelector("textarea");
  if (words && !words.value.trim()) {
    // A second press has nothing to send; a first one is told by the server what is missing, if there is a signal.
    if (!("kept" in form.dataset) && navigator.onLine) return;
    event.preventDefault();
    if ("kept" in form.dataset) bringIntoView(status().firstElementChild);
    else words.focus();
    return;
  }
  event.preventDefault();
  clearMistakes(form);
  keep(form, event.submitter);
  drop(DRAFT + addressOf(form));
  form.querySelectorAll("textarea").forEach((box) => {
    box.value = "";
    box.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.dataset.kept = "";
  hasGoneOn = false;
  due = 0;
  show();
  flush();
});

function keep(form, button) {
  told = "";
  const fields = answersIn(form);
  if (button?.name) fields.push([button.name, button.value]);
  const to = addressOf(form);
  const before = acts();
  const same = (act) => act.state === "waiting" && act.to === to && JSON.stringify(act.fields) === JSON.stringify(fields);
  const twin = before.find(same);
  watched = twin?.id ?? newId();
  if (twin) return;
  const act = {
    id: watched,
    turn: 1 + Math.max(0, ...before.map((each) => each.turn)),
    what: form.dataset.outbox,
    words: form.querySelector("textarea")?.value.trim() ?? "",
    to,
    page: here(),
    elsewhere: form.dataset.outboxElsewhere ?? "",
    then: form.dataset.outboxThen ?? "",
    fields,
    asks: questionsOf(form).length > 0,
    pressed: Date.now(),
    state: "waiting",
  };
  save(act);
  ours.add(act.id);
}

// --- Sending.

const me = newId();
let busy = false;
let failures = 0;
let due = 0;
let token = "";

function holdsLease() {
  const [owner, until] = (read(LEASE) ?? "").split(" ");
  const left = until - Date.now();
  // A lease that runs longer than any lease was written by a clock that has been put back since.
  if (owner !== me && left > 0 && left <= LEASE_TIME) return false;
  write(LEASE, `${me} ${Date.now() + LEASE_TIME}`);
  return read(LEASE).startsWith(me);
}

function endLease() {
  if (read(LEASE)?.startsWith(me)) drop(LEASE);
}

async function flush() {
  if (busy || !waiting().length || !holdsLease()) return;
  busy = true;
  try {
    for (let act = waiting()[0]; act; act = waiting()[0]) {
      const isAnswered = await send(act);
      failures = isAnswered ? 0 : failures + 1;
      if (!isAnswered) break;
      show();
    }
  } finally {
    busy = false;
    endLease();
    show();
  }
}

async function send(act) {
  due = Date.now() + Math.min(LONGEST_PAUSE, 1000 * 2 ** failures) * (0.75 + Math.random() / 2);
  const answer = (await post(act)) ?? {};
  const said = answer.said ?? {};
  if (read(ACT + act.id) === null) return true; // the phone was cleared meanwhile
  if (answer.ok && said.words) settle({ ...act, state: "sent", words: "", fields: [], receipt: said });
  else if (NO_IN_WORDS.includes(answer.status) && said.message) settle({ ...act, state: "refused", answer });
  else return false;
  return true;
}

function settle(act) {
  save(act);
  const sent = acts().filter((each) => each.state === "sent");
  sent.slice(0, -SENT_KEPT).forEach((each) => drop(ACT + each.id));
  if (act.state === "sent") arrived(act);
  if (act.state === "refused") offerBack(act);
}

function arrived(act) {
  if (act.then === "reload" && act.page === here() && !wouldLose()) location.reload();
  document.dispatchEvent(new CustomEvent("told", { detail: "act.sent" }));
}

// What this page alone remembers goes with it: what waits, and what is being typed.
const wouldLose = () =>
  keysOf(DRAFT).some((key) => memory.has(key)) || waiting().some((act) => memory.has(ACT + act.id));

// What another tab has sent may be what this page waits for.
function hear(key) {
  const act = key?.startsWith(ACT) && parsed(key);
  if (act?.state === "sent") arrived(act);
  show();
}

// The answer of the server. Nothing where it could not be reached, or somebody else answered in its place.
async function post(act, again = false) {
  try {
    token ||= (await (await ask("/token")).json()).token;
    const body = new URLSearchParams(act.fields);
    body.set("client_id", act.id);
    body.set("waited", String(Math.max(0, Math.round((Date.now() - act.pressed) / 1000))));
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    const keepalive = String(body).length < MOST_KEPT_ALIVE;
    const response = await ask(act.to, { method: "POST", body, headers, keepalive });
    if (response.status === 400 && !again) {
      // The page came from a copy, or its cookie is gone.
      token = "";
      return await post(act, true);
    }
    const pause = Number(response.headers.get("Retry-After")) * 1000;
    if (pause) due = Date.now() + Math.min(pause, LONGEST_ASKED);
    return { ok: response.ok, status: response.status, said: await response.json() };
  } catch {
    return null;
  }
}

async function ask(address, options = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    return await fetch(address, { ...options, cache: "no-store", redirect: "error", signal: patience.signal });
  } finally {
    clearTimeout(timer);
  }
}

function hurry() {
  due = 0;
  show();
  flush();
}

setInterval(() => {
  if (busy) holdsLease();
  else if (Date.now() >= due || due - Date.now() > LONGEST_ASKED) flush();
}, 1000);
for (const sign of ["online", "pageshow", "focus"]) window.addEventListener(sign, hurry);
document.addEventListener("visibilitychange", () => document.hidden || hurry());
window.addEventListener("offline", () => show());
window.addEventListener("storage", ({ key }) => hear(key));
window.addEventListener("pagehide", endLease);
window.addEventListener("beforeunload", (event) => {
  if (waiting().some((act) => memory.has(ACT + act.id))) event.preventDefault();
});

// --- Saying how it stands.

const ours = new Set();
const doubted = new Set();
let told = "";

// The act that was pressed last is kept in view, until somebody goes on: what they look at does not move after that.
let watched = "";
let hasGoneOn = false;
for (const sign of ["input", "wheel", "touchmove", "keydown"])
  document.addEventListener(sign, ({ isTrusted, type }) => {
    if (!isTrusted) return;
    watched = "";
    hasGoneOn ||= type === "input";
  }, { passive: true });

function bringIntoView(element) {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element?.scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
}

function status() {
  const held = document.getElementById("outbox");
  if (held) return held;
  const made = Object.assign(document.createElement("div"), { id: "outbox", className: "outbox" });
  made.setAttribute("role", "status");
  made.setAttribute("aria-atomic", "false");
  document.querySelector("main .body")?.prepend(made);
  return made;
}

function show() {
  const region = status();
  const all = "everything" in region.dataset;
  acts().forEach((act) => act.state === "sent" || ours.add(act.id));
  const shown = acts().filter((act) => all || ours.has(act.id)).reverse();
  const lines = shown.map((act) => ({ id: act.id, ...said(act) }));
  const lacking = !takesCookies ? WORDS.cookieless : forgetful ? WORDS.forgetful : "";
  if (lacking && forms().length) lines.unshift({ id: "lacking", parts: [paragraph(lacking)], as: "forgetful" });
  if (told) lines.unshift({ id: "told", parts: [paragraph(told)], as: "refused" });
  const wanted = new Set(lines.map((line) => line.id));
  for (const line of [...region.children]) if (!wanted.has(line.dataset.act)) line.remove();
  lines.forEach((line, place) => {
    let element = region.querySelector(`[data-act="${line.id}"]`);
    if (!element) {
      element = Object.assign(document.createElement("div"), { className: "outbox__act" });
      element.dataset.act = line.id;
      region.insertBefore(element, region.children[place] ?? null);
    }
    element.dataset.as = line.as;
    // What says the same stays, so that nobody hears it twice and no button goes from under the finger.
    if (element.textContent === line.parts.map((part) => part.textContent).join("")) return;
    element.replaceChildren(...line.parts);
    if (line.id === watched) bringIntoView(element);
  });
  const clear = document.querySelector("form[data-outbox-clear] .notice");
  if (clear) clear.hidden = !acts().some((act) => act.state !== "sent");
}

function said(act) {
  if (act.state === "sent") {
    const { words, href, link } = act.receipt;
    const parts = [paragraph(words)];
    if (href) parts[0].append(" ", Object.assign(document.createElement("a"), { href, textContent: link || "See it" }));
    return { as: "sent", parts };
  }
  const what = paragraph(act.words ? `${act.what}: “${act.words}”` : act.what, "outbox__words");
  what.dir = "auto";
  if (act.state === "refused") {
    if (doubted.has(act.id)) {
      const keepIt = button("Keep it", () => doubt(act, false));
      return { as: "refused", parts: [what, paragraph(WORDS.last), keepIt, button("Take it off", () => forget(act))] };
    }
    const parts = [what, paragraph(act.answer.said.message)];
    if (act.words || act.asks) parts.push(button("Change it", () => mend(act)));
    parts.push(button("Take it off this phone", () => doubt(act, true)));
    return { as: "refused", parts };
  }
  if (!takesCookies) return { as: "waiting", parts: [what, paragraph(WORDS.notSent)] };
  const dark = failures > 0 || !navigator.onLine;
  const unkept = memory.has(ACT + act.id);
  const words = unkept ? (dark ? WORDS.unkeptDark : WORDS.unkept) : dark ? WORDS.dark : WORDS.sending;
  return { as: "waiting", parts: [what, paragraph(words)] };
}

const paragraph = (textContent, className = "") => Object.assign(document.createElement("p"), { textContent, className });

function button(textContent, press) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent });
  made.className = "govuk-button govuk-button--secondary";
  made.addEventListener("click", press);
  return made;
}

// --- Words that come back: a refused act to be mended, and a draft.

// Where the form is not on this page, its page is opened, and takes the words from the outbox there.
function mend(act) {
  const form = formOf(act);
  if (form) back(form, act);
  else location.assign(`${(act.answer.status === 404 && act.elsewhere) || act.page}#mend-${act.id}`);
}

const formOf = (act) => forms().find((form) => addressOf(form) === act.to && act.answer.status !== 404);

// Into a form in which nobody has gone on they go back by themselves, and what is wrong stands beside its question.
function offerBack(act) {
  const form = formOf(act);
  const boxes = form?.querySelectorAll("textarea") ?? [];
  if (!form || !questionsOf(form).length || hasGoneOn || [...boxes].some((box) => box.value.trim())) return;
  back(form, act);
}

function back(form, act) {
  const box = form.querySelector("textarea");
  const begun = box?.value.trim();
  fill(form, act.fields);
  if (begun) box.value = `${begun}\n\n${box.value}`;
  const wrong = fieldNamed(form, act.answer.said.field);
  const field = wrong ?? box ?? questionsOf(form)[0];
  (box ?? field).dispatchEvent(new Event("input", { bubbles: true }));
  drop(ACT + act.id);
  const group = wrong?.closest(".govuk-form-group");
  const words = [group ? WORDS.notSent : act.answer.said.message, box && WORDS.back];
  told = words.filter(Boolean).join(" ");
  show();
  if (group) pointAt(group, act.answer.said.message);
  if (field.closest("details")) field.closest("details").open = true;
  field.focus({ preventScroll: true });
  bringIntoView(group ?? status().firstElementChild);
}

// One field of that name: of several radios the one that is chosen, or else the first.
function fieldNamed(form, name) {
  const named = questionsOf(form).filter((field) => field.name === name);
  return named.find((field) => field.checked) ?? named[0];
}

// The message stands where the server puts it on a page of its own, and belongs to its question for a listener too.
function pointAt(group, message) {
  clearMistakes(group.closest("form"));
  const error = paragraph(message, "govuk-error-message");
  error.id = "outbox-mistake";
  const place = group.querySelector(".govuk-radios, .govuk-checkboxes, .govuk-textarea, .govuk-input, .govuk-select");
  place.before(error);
  group.classList.add("govuk-form-group--error");
  const described = group.querySelector("fieldset") ?? place;
  described.setAttribute("aria-describedby", `${described.getAttribute("aria-describedby") ?? ""} ${error.id}`.trim());
}

function clearMistakes(form) {
  for (const error of form.querySelectorAll("#outbox-mistake")) {
    error.closest(".govuk-form-group").classList.remove("govuk-form-group--error");
    const described = form.querySelector(`[aria-describedby~="${error.id}"]`);
    const others = described.getAttribute("aria-describedby").split(" ").filter((id) => id !== error.id);
    described.setAttribute("aria-describedby", others.join(" "));
    error.remove();
  }
}

// What was never sent is not thrown away by one press.
function doubt(act, isDoubted) {
  if (isDoubted) doubted.add(act.id);
  else doubted.delete(act.id);
  show();
  status().querySelector(`[data-act="${act.id}"] button`)?.focus();
}

function forget(act) {
  drop(ACT + act.id);
  show();
  document.getElementById("main")?.focus({ preventScroll: true });
}

function fill(form, fields) {
  for (const [name, value] of fields) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = field.value === value;
    else if (field && field.type !== "hidden") field.value = value;
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (!form?.matches("form[data-outbox]")) return;
  delete form.dataset.kept;
  const boxes = [...form.querySelectorAll("textarea")];
  if (boxes.length && boxes.every((box) => !box.value.trim())) drop(DRAFT + addressOf(form));
  else write(DRAFT + addressOf(form), JSON.stringify(answersIn(form)));
});

function restore() {
  for (const form of forms()) {
    const draft = parsed(DRAFT + addressOf(form));
    // What the server has sent back to be mended is newer than any draft.
    if (draft && ![...form.querySelectorAll("textarea")].some((box) => box.value)) fill(form, draft);
  }
  const mended = location.hash.startsWith("#mend-") && parsed(ACT + location.hash.slice(6));
  const form = mended && (formOf(mended) ?? forms().find((each) => each.querySelector("textarea")));
  if (form) {
    history.replaceState(null, "", here());
    back(form, mended);
  }
}

// --- A shared phone.

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-outbox-clear]")) return;
  event.preventDefault();
  keysOf("outbox.").forEach(drop);
  show();
  if (window.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  if (navigator.onLine) form.submit();
  else status().replaceChildren(paragraph(WORDS.cleared));
});

// --- Without a signal: sw.js opens a few pages. Over plain http no browser has it, and the outbox does without.

window.addEventListener("load", async () => {
  if (!navigator.serviceWorker) return;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  await navigator.serviceWorker.register("/sw.js");
  const worker = (await navigator.serviceWorker.ready).active;
  worker.postMessage({ page: here(), files });
});

token = document.querySelector("[name=csrf_token]")?.value ?? "";
restore();
hurry();
