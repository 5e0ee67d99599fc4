// The front desk. The page keeps the list and what was pressed on this laptop, and goes on without a network.
//
//   #arrivals   data-code, data-list (whom it keeps), data-acts (where acts go), data-badge, data-scan, data-reader
//
// An act is kept under an id that is made here, in localStorage, before it is sent; it is sent, in its turn, until there
// is an answer, and the server answers an id that it knows with the first receipt: hackathon/arrivals/operations.py. What
// is shown is the server's list with the acts that wait laid over it, so a desk without a network sees its own people as
// here. The list comes as changes, every few seconds, and whole once a minute. It holds no address of mail.

const page = document.getElementById("arrivals");
const KEY = `arrivals.${page.dataset.code}.`;
const ASK_EVERY = 3000;
const WHOLE_EVERY = 60_000;
const PATIENCE = 10_000;
const UNDO_SHOWN = 10_000;
const MOST_SHOWN = 12;
const LATELY = 100;
const NO_IN_WORDS = [404, 405, 409, 413, 422];
const PHOTOS = { yes: "○ Photos: yes", no: "☒ No photos", ask: "△ Photos: ask first" };

const at = (id) => document.getElementById(id);
const make = (tag, text = "", className = "") =>
  Object.assign(document.createElement(tag), { textContent: text, className });
const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

// --- What the laptop keeps; the page's own memory stands in where it keeps nothing.

const memory = new Map();

function keep(name, value) {
  try {
    localStorage.setItem(KEY + name, JSON.stringify(value));
    memory.delete(name);
  } catch {
    memory.set(name, value);
  }
}

function kept(name) {
  try {
    return memory.get(name) ?? JSON.parse(localStorage.getItem(KEY + name));
  } catch {
    return null;
  }
}

function names() {
  let stored = [];
  try {
    stored = Object.keys(localStorage).filter((key) => key.startsWith(KEY)).map((key) => key.slice(KEY.length));
  } catch { /* this browser keeps nothing */ }
  return [...new Set([...memory.keys(), ...stored])];
}

function drop(name) {
  memory.delete(name);
  try {
    localStorage.removeItem(KEY + name);
  } catch { /* this browser keeps nothing */ }
}

const acts = () =>
  names().filter((name) => name.startsWith("act.")).map(kept).filter(Boolean).sort((one, other) => one.turn - other.turn);
const waiting = () => acts().filter((act) => !act.answer);

// Whoever walked in has a number only once that was sent; until then they are known by the act that welcomed them.
const numberOf = (act) => (Number.isInteger(act.person) ? act.person : kept(`act.${act.person}`)?.answer?.person);
const isLost = (act) => act.kind !== "walk-in" && !numberOf(act);

// --- The list, and what this laptop knows better.

let list = kept("list") ?? { upto: null, people: [], here: 0, due: 0, toCome: "" };
let people = new Map();
let whole = 0;

function lay() {
  people = new Map(list.people.map((person) => [person.id, { ...person }]));
  for (const act of waiting()) {
    const person = people.get(numberOf(act) ?? act.person);
    if (act.kind === "walk-in") people.set(act.id, { ...act.shown, id: act.id, since: act.since, desk: act.desk });
    else if (person && act.kind === "here" && !person.since) Object.assign(person, { since: act.since, desk: act.desk });
    else if (person && act.kind === "not-here") person.since = "";
  }
}

function take(answer) {
  const changed = answer.changed && new Set(answer.changed);
  const rest = changed ? list.people.filter((person) => !changed.has(person.id)) : [];
  const all = changed && !changed.size ? list.people : [...rest, ...answer.people];
  list = { upto: answer.upto, people: all, here: answer.here, due: answer.due, toCome: answer.to_come };
  keep("list", list);
  if (answer.over && !waiting().length) forget();
}

const forget = () => names().forEach(drop);

// --- Acts.

const spoken = (moment) => `${moment.getHours() % 12 || 12}:${String(moment.getMinutes()).padStart(2, "0")}`
  + (moment.getHours() < 12 ? "am" : "pm");

function act(kind, person, to, fields = {}, shown = null) {
  const turn = 1 + Math.max(0, ...acts().map((each) => each.turn));
  const made = { id: newId(), turn, kind, person, to, shown, desk: at("desk").value, pressed: Date.now() };
  Object.assign(made, { fields: { ...fields, desk: made.desk }, since: spoken(new Date()), answer: null });
  keep(`act.${made.id}`, made);
  lay();
  show();
  send();
  return made;
}

function checkIn(person, isSure = false) {
  if (list.toCome && !person.since && !isSure) return sayEarly(person);
  const made = person.since ? null : act("here", person.id, `/${person.id}/here`, isSure ? { early: "y" } : {});
  if (made) welcome(people.get(person.id), made, `Here since ${made.since}, desk ${made.desk}.`);
  else welcome(person, null, `Already here since ${since(person)}.`, "known");
  next();
}

// A tap days before is mostly a slip of the thumb: whoever means it taps once more.
function sayEarly(person) {
  welcome(person, null, `It is not the day yet: that is ${list.toCome}`, "known");
  const button = Object.assign(make("button", "Check in all the same", "govuk-button"), { type: "button" });
  button.addEventListener("click", () => checkIn(person, true));
  at("welcome").querySelector(".button-row").prepend(button);
  button.focus();
}

function takeBack(person, of = null) {
  act("not-here", person.id, `/${person.id}/not-here`, { of: of?.id ?? "" });
  welcome({ ...person, since: "" }, null, "Not here after all.", "known");
  next();
}

// --- Sending, and asking what other desks did.

let token = document.querySelector("[name=csrf_token]")?.value ?? "";
let away = "";
let sending = false;

async function ask(address, options = {}) {
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort(), PATIENCE);
  try {
    const headers = { Accept: "application/json", ...options.headers };
    const answer = await fetch(address, { ...options, headers, redirect: "manual", cache: "no-store", signal: patience.signal });
    away = answer.type === "opaqueredirect" ? "You are signed out. Sign in again in another window." : "";
    return away ? null : { status: answer.status, ok: answer.ok, said: await answer.json() };
  } catch {
    away = "No network.";
    return null;
  } finally {
    clearTimeout(timer);
  }
}

async function post(each, again = false) {
  const waited = Math.max(0, Math.round((Date.now() - each.pressed) / 1000));
  const body = new URLSearchParams({ ...each.fields, client_id: each.id, waited });
  const to = each.to.replace(each.person, numberOf(each));
  const answer = await ask(page.dataset.acts + to, { method: "POST", body, headers: { "X-CSRFToken": token } });
  if (answer?.status !== 400 || again) return answer;
  token = (await ask("/token"))?.said.token ?? token;
  return post(each, true);
}

async function send() {
  if (sending) return;
  sending = true;
  for (let each = waiting()[0]; each; each = waiting()[0]) {
    if (isLost(each)) { // the welcome that it was about was refused
      drop(`act.${each.id}`);
      continue;
    }
    const answer = await post(each);
    const isAnswered = answer && (answer.ok || (NO_IN_WORDS.includes(answer.status) && answer.said.message));
    if (!isAnswered) break;
    // A laptop that was cleared meanwhile is not written on again.
    if (kept(`act.${each.id}`)) keep(`act.${each.id}`, { ...each, answer: { ok: answer.ok, ...answer.said } });
    const awaited = new Set(waiting().map((later) => later.person));
    acts().filter((old) => old.answer?.ok && !awaited.has(old.id)).slice(0, -LATELY).forEach((old) => drop(`act.${old.id}`));
    await look();
    if (greeted?.id === each.id) hearBack(each, answer.said);
  }
  sending = false;
  show();
}

// What the server knows better of whoever still stands before the desk: another desk was first, or there is a table.
function hearBack(each, said) {
  const person = people.get(said.person);
  if (!person || each.kind === "not-here") return;
  welcome(person, said.is_new ? { ...each, person: person.id } : null, said.words, said.is_new ? "new" : "known");
}

async function look() {
  const isWhole = Date.now() - whole > WHOLE_EVERY || list.upto === null;
  const answer = await ask(page.dataset.list + (isWhole ? "" : `?after=${list.upto}`));
  if (answer?.ok) {
    if (isWhole) whole = Date.now();
    take(answer.said);
  }
  lay();
  show();
}

async function beat() {
  if (waiting().length) await send();
  if (!waiting().length) await look();
  setTimeout(beat, ASK_EVERY);
}

// --- What is seen.

const box = at("find");
let greeted = null;
let drawn = "";
let trouble = "";
let isSure = false;

const since = (person) => person.since + (person.desk ? `, desk ${person.desk}` : "");

// Letters without their marks, as the server writes `sought`: who looks for José O’Brien types “jose” or “obrien”.
const plain = (words) => words.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");

function meant() {
  const typed = box.value.trim().toLowerCase();
  if (typed.length < 2) return [];
  const letters = plain(typed);
  const isSought = (person) => person.name.toLowerCase().includes(typed) || (letters && person.sought?.includes(letters));
  const all = [...people.values()].filter((person) => isSought(person) || person.ticket.toLowerCase() === typed);
  return all.sort((one, other) => !!one.since - !!other.since || one.name.localeCompare(other.name));
}

function row(person) {
  const item = make("li", "", "row-item");
  const words = make("div");
  const name = make("p", "", "person");
  const facts = make("p", [person.table ? `Table ${person.table}` : "No table yet", person.organisation].filter(Boolean).join(" · "), "small");
  name.append(Object.assign(make("strong", person.name), { dir: "auto" }));
  if (person.state) name.append(" ", make("span", person.state, "tag-words tag-words--bad"));
  if (person.since) name.append(" ", make("span", `Here since ${since(person)}`, "tag-words tag-words--good"));
  words.append(name, facts);
  const button = make("button", person.since ? "Take back" : "Is here", person.since ? "button-quiet" : "govuk-button");
  button.type = "button";
  button.append(make("span", ` ${person.name}`, "hidden-words"));
  button.addEventListener("click", () => (person.since ? takeBack(person, mine(person)) : checkIn(person)));
  item.append(words, button);
  return item;
}

// The act by which this laptop greeted somebody, where it was this one.
const mine = (person) => acts().findLast(
  (each) => (each.kind === "walk-in" ? [each.id, each.answer?.person].includes(person.id) : each.kind === "here" && numberOf(each) === person.id)
    && each.answer?.is_new !== false,
);

// `made` is the act of this laptop that it is about, for as long as it can be taken back from here.
function welcome(person, made, words, as = "new") {
  const section = at("welcome");
  greeted = made;
  section.dataset.as = as;
  const state = person.state && `On the list as: ${person.state}`;
  const notes = [words.replace(/\.$/, ""), PHOTOS[person.photos], state].filter(Boolean).join(". ");
  const row = make("div", "", "button-row");
  if (made) {
    const back = make("button", "Take back", "govuk-button govuk-button--secondary");
    back.type = "button";
    back.addEventListener("click", () => takeBack(person, made));
    row.append(back);
    setTimeout(() => back.classList.replace("govuk-button", "button-quiet"), UNDO_SHOWN);
  }
  if (Number.isInteger(person.id)) {
    row.append(Object.assign(make("a", "Print the badge"), { href: `${page.dataset.badge}?person=${person.id}` }));
  }
  section.replaceChildren(
    Object.assign(make("p", person.name, "welcome__name"), { dir: "auto" }),
    make("p", person.table ? `Table ${person.table}` : "No table yet", "welcome__table"),
    make("p", notes, "welcome__notes"),
    row,
  );
  section.hidden = false;
}

// The hand is free for whoever comes next.
function next() {
  box.value = "";
  box.focus();
  show();
}

function show() {
  const found = meant();
  // What says the same stays, so that no button goes from under the finger.
  const looks = JSON.stringify(found.slice(0, MOST_SHOWN));
  if (looks !== drawn) at("found").replaceChildren(...found.slice(0, MOST_SHOWN).map(row));
  drawn = looks;
  at("nobody").hidden = found.length > 0 || box.value.trim().length < 3;
  const here = [...people.values()].filter((person) => person.since).length;
  at("tally").replaceChildren(make("strong", String(here)), ` ${here === 1 ? "is" : "are"} here. ${list.due} ${list.due === 1 ? "is" : "are"} confirmed for the room.`);
  const left = waiting().length;
  const unsent = left ? `${left} kept on this laptop, not sent yet.` : "";
  at("line").textContent = [away, unsent, trouble].filter(Boolean).join(" ");
  at("kept").hidden = false;
  at("kept-words").textContent = kept("list")
    ? `${list.people.length} names are kept on this laptop, so that it works without a network.`
    : "No names are kept here, because the event is over.";
  at("lately").replaceChildren(...acts().filter((each) => each.answer && !each.answer.ok).map(refused));
}

function refused(each) {
  const item = make("li", `${people.get(each.person)?.name ?? each.shown?.name ?? "Somebody"}: ${each.answer.message} `);
  const button = Object.assign(make("button", "Put aside", "button-quiet"), { type: "button" });
  button.addEventListener("click", () => { drop(`act.${each.id}`); show(); });
  item.append(button);
  return item;
}

// --- Hands.

box.addEventListener("input", show);
at("find-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const found = meant();
  const expected = found.filter((person) => !person.since);
  if (expected.length === 1) checkIn(expected[0]);
  else if (found.length === 1) checkIn(found[0]);
  else at("found").querySelector("button")?.focus();
});

at("walk-in-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, organisation, email, early = "" } = Object.fromEntries(new FormData(event.target));
  if (!name.trim()) return event.target.elements.name.focus();
  if (list.toCome && !early) return event.target.elements.early?.focus();
  const shown = { name: name.trim(), sought: plain(name), organisation: organisation.trim(), table: null, state: "walk-in", ticket: "", photos: "ask" };
  const made = act("walk-in", null, "/walk-in", { name, organisation, email, early }, shown);
  welcome(people.get(made.id), made, `Here since ${made.since}, desk ${made.desk}.`);
  event.target.reset();
  at("walk-in").open = false;
  next();
});

at("desk").value = kept("desk") ?? at("desk").value;
at("desk").addEventListener("change", () => keep("desk", at("desk").value));

at("clear").addEventListener("click", async () => {
  const left = waiting().length;
  if (left && !isSure) {
    isSure = true;
    trouble = "If you clear the laptop now, they are lost. Press once more to clear it.";
    return show();
  }
  forget();
  if (window.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  location.assign("/desk");
});

// The list goes when somebody signs out; what was pressed and not sent stays until it is.
document.querySelector("form[action$='/sign-out']")?.addEventListener("submit", () => drop("list"));

// --- The camera: only where the browser lets a page have it, which is over https.

let end = null;
at("scan").hidden = !navigator.mediaDevices?.getUserMedia;
at("scan").addEventListener("click", async () => {
  if (end) {
    end();
    end = null;
  } else {
    at("camera").hidden = false;
    const { scan } = await import(page.dataset.scan);
    end = await scan(at("eye"), page.dataset.reader, ticket).catch(() => null);
    trouble = end ? "" : "The camera did not open. Allow it for this site, or type the ticket.";
    show();
  }
  at("camera").hidden = !end;
  at("scan").textContent = end ? "Stop scanning" : "Scan";
});

function ticket(words) {
  const code = words.trim().toUpperCase();
  const person = [...people.values()].find((each) => each.ticket === code);
  if (person) return checkIn(person);
  const unknown = { id: null, name: "This is no ticket of this event", table: null, photos: "", state: "" };
  welcome(unknown, null, "Find them by name, or welcome them as somebody new", "wrong");
}

// --- Beginning. sw.js opens this page without a network; over plain http no browser has it, and the open page goes on.

window.addEventListener("load", async () => {
  if (!navigator.serviceWorker) return;
  const files = performance.getEntriesByType("resource").map((entry) => entry.name);
  await navigator.serviceWorker.register("/sw.js");
  const worker = (await navigator.serviceWorker.ready).active;
  worker.postMessage({ page: location.pathname, files });
});

window.addEventListener("online", () => send());
box.focus();
lay();
show();
beat();
