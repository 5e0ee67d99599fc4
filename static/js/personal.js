// Before words are sent in which somebody could be found, ask once more, in place. Nothing has left the phone by then.
// Without this script the server asks the same. What counts is said in hackathon/maths/personal.py, in the same order;
// tests/maths/personal.json holds both to the same answers.

// Longer words are refused by every form, and to look through all of them would hold the page still.
const LONGEST_LOOK = 2000;
const RUN = /\+?[0-9](?:[ \u00a0().\-\u2010-\u2013]{0,3}[0-9])*/g;
const MOST_GROUPS = 11;
const ABROAD = /^(00)?[1-9][0-9]{8,14}$/;
const MOBILE_WITHOUT_PLUS = /^440?7[0-9]{9}$/;
const NATIONAL = /^(?:0[1235789][0-9]{9}|01[0-9]{8}|0[58]00[0-9]{6})$/;
const EMAIL = /[\p{L}\p{N}_.+'’-]+@(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}/gu;
const POSTCODE = /\b[A-PR-UWYZ][A-HK-Y]?[0-9][0-9A-HJKMNP-Y]?[ \u00a0]?[0-9][ABD-HJLNP-UW-Z]{2}\b/gi;
const ORDINAL = /^(?:1st|2nd|3rd|[4-90]th|[0-9](?:hr|yr))$/;
const STREET = new RegExp(
  "\\b[0-9]{1,3}[A-Za-z]?,? (?:[A-Z][\\p{L}\\p{N}_'’-]*,? ){1,3}" +
    "(?:Street|Road|Avenue|Lane|Close|Drive|Crescent|Gardens|Terrace|Square|Grove|Mews|Court|Row|Way|St|Rd|Ave)\\b",
  "gu",
);

// Arabic, Urdu and full-width digits count as ours; the last four bits of each are its value.
const ourDigits = (text) =>
  text.replace(/[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g, (digit) => String(digit.charCodeAt(0) & 15));

export function detailsIn(typed) {
  const text = ourDigits(typed);
  const found = [];
  for (const each of [...matches(text, EMAIL, "email"), ...numbers(text), ...addresses(text)]) {
    if (found.every((other) => each.end <= other.start || other.end <= each.start)) found.push(each);
  }
  return found.sort((one, other) => one.start - other.start);
}

const matches = (text, pattern, detail) =>
  [...text.matchAll(pattern)].map((match) => ({ detail, start: match.index, end: match.index + match[0].length }));

const addresses = (text) => [
  ...matches(text, STREET, "address"),
  ...matches(text, POSTCODE, "address").filter(({ end }) => !ORDINAL.test(text.slice(end - 3, end))),
];

function numbers(text) {
  const found = [];
  for (const run of text.matchAll(RUN)) {
    const groups = [...run[0].matchAll(/[0-9]+/g)].map((group) => ({
      start: run.index + group.index,
      end: run.index + group.index + group[0].length,
    }));
    const before = text.slice(0, groups[0].start).slice(-1);
    const after = text.slice(groups[groups.length - 1].end);
    if (/[\p{L}_£$€]/u.test(before) || /^[\p{L}_]/u.test(after)) continue;
    for (let first = 0; first < groups.length; ) {
      const plus = first === 0 && run[0][0] === "+" ? 1 : 0;
      const number = longestFrom(text, groups.slice(first, first + MOST_GROUPS), plus);
      if (number) found.push(number);
      first += number ? groups.slice(first).filter((group) => group.start < number.end).length : 1;
    }
  }
  return found;
}

function longestFrom(text, groups, plus) {
  for (let length = groups.length; length > 0; length -= 1) {
    const parts = groups.slice(0, length).map(({ start, end }) => text.slice(start, end));
    const detail = numberKind(parts, plus);
    if (detail) return { detail, start: groups[0].start - plus, end: groups[length - 1].end };
  }
  return null;
}

function numberKind(parts, plus) {
  const digits = parts.join("");
  const shortest = Math.min(...parts.map((part) => part.length));
  if (!plus && shortest >= 3 && isNhsNumber(digits)) return "nhs-number";
  if (ABROAD.test(digits) && (plus || digits.startsWith("00"))) return "phone";
  if (MOBILE_WITHOUT_PLUS.test(digits)) return "phone";
  if (NATIONAL.test(digits) && parts[0].length >= 3 && shortest >= 2) return "phone";
  return null;
}

const isNhsNumber = (digits) =>
  digits.length === 10 && [...digits].reduce((sum, digit, place) => sum + digit * (10 - place), 0) % 11 === 0;

let sure = false;

function ask(event) {
  const look = event.target.querySelector("[data-second-look]");
  if (!look) return;
  const words = look.dataset.secondLook
    .split(" ")
    .map((name) => (event.target.elements[name]?.value ?? "").slice(0, LONGEST_LOOK));
  const kinds = [...new Set(detailsIn(words.join("\n")).map((found) => found.detail))];
  look.hidden = sure || !kinds.length;
  sure = false;
  if (look.hidden) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const names = look.querySelector("strong");
  const said = kinds.map((kind) => names.getAttribute(`data-${kind}`));
  names.textContent = [said.slice(0, -1).join(", "), said[said.length - 1]].filter(Boolean).join(" and ");
  look.focus();
}

// On the window and on the way down: before the outbox, which listens to the form, keeps anything.
window.addEventListener("submit", ask, true);
document.addEventListener("click", (event) => {
  sure = event.target.closest?.("[data-second-look] button") != null;
  const change = event.target.closest?.("[data-second-look] a");
  if (!change) return;
  event.preventDefault();
  change.closest("[data-second-look]").hidden = true;
  document.querySelector(change.hash)?.focus();
});
