// The wall: lets new words be large for a while, one after the other. What it hears of comes from live.js.
// Without scripts the page reloads by itself.

const TURN = 4000;
const MINUTES = 15_000;
const PATIENCE = 15_000;

const live = document.getElementById("live");
const pause = document.getElementById("pause");
const numberShown = () => Number(live.firstElementChild.dataset.number);
const isPaused = () => pause.getAttribute("aria-pressed") === "true";

// An empty wall shows the first words at once.
let since = numberShown() ? Date.now() : 0;
let next = 0;
let asked = 0;

async function look(after) {
  clearTimeout(next);
  next = 0;
  asked += 1;
  const [mine, patience] = [asked, new AbortController()];
  setTimeout(() => patience.abort(), PATIENCE);
  const answer = await fetch(`${live.dataset.newest}?after=${after}`, { signal: patience.signal });
  if (!answer.ok) throw new Error(answer.statusText);
  const words = await answer.text();
  // What was asked before something was hidden, and is answered after, would bring it back.
  if (mine !== asked) return;
  const before = numberShown();
  const known = new Set(Array.from(live.querySelectorAll("[id]"), (each) => each.className + each.id));
  live.innerHTML = words;
  for (const each of live.querySelectorAll("[id]")) each.classList.toggle("still", known.has(each.className + each.id));
  if (numberShown() !== before) since = Date.now();
  if (Number(live.firstElementChild.dataset.waiting)) inTurn();
}

// New words wait until the ones before them have been large long enough to read.
function inTurn() {
  if (isPaused() || next) return;
  next = setTimeout(() => isPaused() || look(numberShown()).catch(again), Math.max(0, since + TURN - Date.now()));
}

// What was hidden goes at once, even from a wall that is paused; so do the stage and a rating that opens or closes.
function atOnce() {
  look(numberShown() - 1).catch(() => setTimeout(atOnce, TURN));
}

function again() {
  next = setTimeout(() => look(numberShown()).catch(again), TURN);
}

pause.hidden = false;
pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  pause.textContent = isPaused() ? "Carry on" : "Pause";
  inTurn();
});
document.addEventListener("told", ({ detail: kind }) => (kind === "insight.shared" ? inTurn() : atOnce()));
// The minutes that are left and how many have rated are not told: the wall reads them now and then.
setInterval(inTurn, MINUTES);
