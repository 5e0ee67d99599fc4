// While somebody types, what others have said that is alike appears below the box: to read, or to leave alone.
// Only single words of what is typed are asked about, longer ones first and out of their order, never a number; the
// server keeps nothing of them. Without this script, and without a network, nothing is missing. Whoever opens a suggestion
// finds their own words in the box when they come back: outbox.js keeps them.

const PAUSE = 800;
const FEWEST = 3;
const MOST = 12;

const panel = document.querySelector("[data-alike]");
const says = document.querySelector("[data-alike-says]");
const box = document.querySelector("form textarea");
const leftOut = new Set();
let asked = "";
let asking = null;
let waiting = 0;

const tellingWords = () =>
  [...new Set(box.value.toLowerCase().match(/\p{L}{4,}/gu))].sort((one, other) => other.length - one.length).slice(0, MOST);

async function look() {
  const words = tellingWords().sort().join(" ");
  if (words === asked || !navigator.onLine) return;
  asked = words;
  asking?.abort();
  asking = new AbortController();
  if (tellingWords().length < FEWEST) return show("");
  const answer = await fetch(panel.dataset.alike + encodeURIComponent(words), { signal: asking.signal });
  if (answer.ok) show(await answer.text());
}

// Said aloud once when something appears, and not again with every word that changes it.
function show(fragment) {
  const wasEmpty = !panel.querySelector("li");
  panel.innerHTML = fragment;
  for (const item of panel.querySelectorAll("[data-alike-number]")) {
    if (leftOut.has(item.dataset.alikeNumber)) item.remove();
  }
  tidy();
  if (!panel.querySelector("li")) says.textContent = "";
  else if (wasEmpty) says.textContent = says.dataset.alikeSays;
}

function tidy() {
  if (!panel.querySelector("li")) panel.replaceChildren();
}

box.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(() => look().catch(() => {}), PAUSE);
});

panel.addEventListener("click", (event) => {
  const item = event.target.closest("button")?.closest("[data-alike-number]");
  if (!item) return;
  leftOut.add(item.dataset.alikeNumber);
  const next = item.nextElementSibling ?? item.previousElementSibling;
  item.remove();
  tidy();
  (next?.querySelector("button") ?? box).focus();
});
