// Keeps a page up to date. It follows the event's stream, and regions fetch themselves anew when it tells of a change.
//
// Once on a page (components/live.html): the line that says in words how it stands, with the addresses to follow.
//   <p data-stream="/e/K7PM/stream" data-changes="/e/K7PM/changes" data-after="123"></p>
// Any number of regions, each with an id and the kinds of change that concern it:
//   <section id="list" data-live="/e/K7PM/insights?upto=46" data-live-on="insight.shared insight.hidden">
//     data-live        the page on which the region is found by its id; empty: this page
//     data-live-pace   seconds between two looks (1); what was hidden goes at once, whatever the pace
//     data-live-every  seconds after which it looks even if nothing was told
//     data-live-gone   what it says when its page is there no more
// What has not changed stays as it is: typed words, what is unfolded, focus and scroll. Rows need an id each.
// A list that must not move under the hand asks for its rows up to a number, and its page says "3 new: show them" in a
// link with data-live: the region looks there once, and goes on with the address that it finds on itself there.
// Other scripts hear of each change as an event "told" on the document; `detail` is its kind. What this phone itself has
// sent they tell in the same way, as "act.sent": for that, a page needs no line.

const RETRY = 3000;
const FIRST_SIGN = 5000;
const SILENCE = 35_000; // the hub beats every 15 seconds
const LONGEST_TRIAL = 120_000;
const PATIENCE = 15_000;
const WORDS = { live: "Live", looking: "Looking every few seconds", away: "Not connected, trying again" };
const KEPT = new Set(["open"]);

// A router that has forgotten a connection swallows what is asked on it, and no browser ever gives that up.
function ask(address, options = {}) {
  const patience = new AbortController();
  setTimeout(() => patience.abort(), PATIENCE);
  return fetch(address, { ...options, signal: patience.signal });
}

// Makes `old` look like `fresh`, and touches nothing that is alike already.
function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !KEPT.has(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const wanted = new Set(Array.from(fresh.children, (child) => child.id));
  const known = new Map();
  for (const child of [...old.children]) {
    if (!child.id) continue;
    if (wanted.has(child.id)) known.set(child.id, child);
    else child.remove();
  }
  let place = old.firstChild;
  for (const node of [...fresh.childNodes]) {
    const same = node.id ? known.get(node.id) : place && !place.id && place.nodeName === node.nodeName ? place : null;
    if (!same) {
      old.insertBefore(node, place);
      continue;
    }
    if (same !== place) old.insertBefore(same, place);
    place = same.nextSibling;
    if (same.nodeType === Node.ELEMENT_NODE) morph(same, node);
    else if (same.data !== node.data) same.data = node.data;
  }
  while (place) {
    const rest = place.nextSibling;
    place.remove();
    place = rest;
  }
}

class Region {
  constructor(element) {
    this.element = element;
    this.kinds = element.dataset.liveOn.split(" ");
    this.pace = 1000 * (element.dataset.livePace || 1);
    this.timer = this.due = this.looked = 0;
    this.looking = this.again = false;
    const every = 1000 * (element.dataset.liveEvery || 0);
    if (every) setInterval(() => document.hidden || this.lookIn(0), every);
    element.addEventListener("click", (click) => this.follow(click));
  }

  hear(kind) {
    if (!this.kinds.includes(kind)) return;
    // A thousand phones that were told at the same moment do not all ask at the same moment.
    const spread = this.pace > 1000 ? Math.random() * this.pace : 0;
    this.lookIn(kind.endsWith(".hidden") ? 0 : Math.max(this.looked + this.pace - Date.now(), spread));
  }

  lookIn(wait) {
    const due = Date.now() + wait;
    if (this.timer && this.due <= due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => this.look(), wait);
  }

  async look() {
    this.timer = 0;
    this.again = this.looking;
    if (this.looking) return;
    this.looking = true;
    try {
      await this.renew();
    } catch {
      this.lookIn(RETRY);
    } finally {
      this.looking = false;
      this.looked = Date.now();
    }
    if (this.again) this.look();
  }

  async renew() {
    const { element } = this;
    const answer = await ask(this.next ?? (element.dataset.live || location.href), { headers: { Accept: "text/html" } });
    if (answer.status === 404 || answer.status === 410) return element.replaceChildren(element.dataset.liveGone || "");
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(element.id);
    if (!fresh) return;
    const held = element.contains(document.activeElement) && document.activeElement;
    element.dataset.live = fresh.dataset.live;
    delete this.next;
    morphChildren(element, fresh);
    if (held && !held.isConnected) {
      element.tabIndex = -1;
      element.focus({ preventScroll: true });
    }
  }

  follow(click) {
    const link = click.target.closest("a[data-live]");
    if (!link || click.ctrlKey || click.metaKey || click.shiftKey) return;
    click.preventDefault();
    this.next = link.dataset.live;
    this.look();
  }
}

// Either the stream is open or the changes are asked for, never both: so nothing is told twice.
class Following {
  constructor(line, kinds) {
    this.line = line;
    this.kinds = kinds;
    this.after = line.dataset.after;
    this.trial = this.timer = this.tryAt = 0;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.rest() : this.listen()));
    if (!document.hidden) this.listen();
  }

  say(state) {
    if (this.line.dataset.state === state) return;
    this.line.dataset.state = state;
    this.line.textContent = WORDS[state];
    this.line.hidden = false;
  }

  tell(kind, after) {
    this.after = after;
    document.dispatchEvent(new CustomEvent("told", { detail: kind }));
  }

  // The browser keeps few connections to one place, so a tab that nobody sees gives its own up.
  rest() {
    this.stream?.close();
    clearTimeout(this.timer);
  }

  lookIn(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), wait);
  }

  listen() {
    this.rest();
    this.tryAt = Infinity;
    const stream = (this.stream = new EventSource(`${this.line.dataset.stream}?after=${this.after}`));
    const alive = () => {
      this.say("live");
      this.trial = 0;
      this.lookIn(SILENCE);
    };
    stream.addEventListener("beat", alive);
    for (const kind of this.kinds)
      stream.addEventListener(kind, (told) => {
        alive();
        this.tell(kind, told.lastEventId);
      });
    // After a cut the browser comes back by itself and says what it saw last; after a refusal it does not.
    stream.onerror = () => {
      if (stream.readyState === EventSource.CLOSED) return this.look();
      if (this.line.dataset.state === "live") this.lookIn(FIRST_SIGN);
      this.say("away");
    };
    this.lookIn(FIRST_SIGN);
  }

  // The way round whatever swallows streams: the same lines, asked for; and now and then a trial of the stream.
  async look() {
    this.rest();
    if (this.tryAt === Infinity) {
      this.trial = Math.min(2 * this.trial || RETRY, LONGEST_TRIAL);
      this.tryAt = Date.now() + this.trial;
    }
    try {
      await this.catchUp();
      if (this.line.dataset.state === "away") this.tryAt = Math.min(this.tryAt, Date.now() + RETRY);
      this.say("looking");
    } catch {
      this.say("away");
    }
    if (document.hidden) return;
    if (Date.now() >= this.tryAt) this.listen();
    else this.lookIn(RETRY + Math.random() * 2000);
  }

  async catchUp() {
    let more = true;
    while (more) {
      const answer = await ask(`${this.line.dataset.changes}?after=${this.after}`);
      if (!answer.ok) throw new Error(answer.statusText);
      const page = await answer.json();
      for (const line of page.lines) this.tell(line.kind, line.id);
      ({ after: this.after, more } = page);
    }
  }
}

const line = document.querySelector("[data-stream]");
const regions = Array.from(document.querySelectorAll("[data-live][data-live-on]"), (element) => new Region(element));
document.addEventListener("told", ({ detail }) => regions.forEach((region) => region.hear(detail)));
if (line) {
  const concerned = Array.from(document.querySelectorAll("[data-live-on]"), (element) => element.dataset.liveOn.split(" "));
  new Following(line, new Set(concerned.flat()));
}
