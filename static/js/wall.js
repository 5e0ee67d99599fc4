// The wall: follows the event's stream and lets new words be large for a while, one after the other.
// Without a stream it asks every few seconds; without this script the page reloads by itself.
"use strict";

const TURN = 4000;
const RETRY = 5000;

const live = document.getElementById("live");
const pause = document.getElementById("pause");
const numberShown = () => Number(live.firstElementChild.dataset.number);
const isPaused = () => pause.getAttribute("aria-pressed") === "true";

// An empty wall shows the first words at once.
let since = numberShown() ? Date.now() : 0;
let next = 0;

async function look(after) {
  clearTimeout(next);
  next = 0;
  const answer = await fetch(`${live.dataset.newest}?after=${after}`);
  if (!answer.ok) return;
  const before = numberShown();
  const known = new Set(Array.from(live.querySelectorAll("[id]"), (words) => words.className + words.id));
  live.innerHTML = await answer.text();
  for (const words of live.querySelectorAll("[id]")) words.classList.toggle("still", known.has(words.className + words.id));
  if (numberShown() !== before) since = Date.now();
  if (Number(live.firstElementChild.dataset.waiting)) inTurn();
}

// New words wait until the ones before them have been large long enough to read.
function inTurn() {
  if (isPaused() || next) return;
  next = setTimeout(() => isPaused() || look(numberShown()).catch(() => {}), Math.max(0, since + TURN - Date.now()));
}

// What was hidden goes at once, even from a wall that is paused.
function atOnce() {
  look(numberShown() - 1).catch(() => {});
}

function listen(address) {
  const stream = new EventSource(address);
  let last = "";
  const heard = (then) => (message) => {
    last = message.lastEventId;
    then();
  };
  stream.addEventListener("insight.shared", heard(inTurn));
  stream.addEventListener("insight.hidden", heard(atOnce));
  stream.addEventListener("insight.shown", heard(atOnce));
  stream.onerror = () => {
    if (stream.readyState !== EventSource.CLOSED) return;
    inTurn();
    setTimeout(() => listen(last ? address.replace(/after=\d+/, `after=${last}`) : address), RETRY);
  };
}

pause.hidden = false;
pause.addEventListener("click", () => {
  pause.setAttribute("aria-pressed", String(!isPaused()));
  pause.textContent = isPaused() ? "Carry on" : "Pause";
  inTurn();
});
listen(live.dataset.stream);
