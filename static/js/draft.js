/* What is typed into a form that makes something new stays on this computer until it is sent, or for a day.
   A form with `data-draft` is kept under its address; what a server has sent back with a mistake is left alone. */

const LONGEST = 24 * 60 * 60 * 1000;

const form = document.querySelector("form[data-draft]");
const key = `draft ${location.pathname}`;
const boxes = [...form.elements].filter((box) => box.name && box.type !== "hidden" && box.type !== "submit");
const begun = said();

function said() {
  return boxes.map((box) => (box.type === "radio" || box.type === "checkbox" ? box.checked : box.value));
}

function fillIn(answers) {
  boxes.forEach((box, place) => {
    if (typeof answers[place] === "boolean") box.checked = answers[place];
    else box.value = answers[place];
  });
}

function kept() {
  try {
    const draft = JSON.parse(localStorage.getItem(key));
    return draft && Date.now() - draft.at < LONGEST && draft.answers.length === boxes.length ? draft.answers : null;
  } catch {
    return null;
  }
}

function keep() {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), answers: said() }));
  } catch {
    /* Storage is full or shut: then the page holds what was typed, as pages do. */
  }
}

function forget() {
  try {
    localStorage.removeItem(key);
  } catch {
    /* Nothing was kept. */
  }
}

function offerToBeginAnew() {
  const told = document.createElement("p");
  told.setAttribute("role", "status");
  told.textContent = "This is what you typed here before. ";
  const anew = document.createElement("button");
  anew.type = "button";
  anew.className = "button-quiet";
  anew.textContent = "Begin anew";
  anew.addEventListener("click", () => {
    forget();
    fillIn(begun);
    told.remove();
    boxes[0].focus();
  });
  told.append(anew);
  form.before(told);
}

const answers = kept();
if (answers && !document.querySelector(".govuk-error-summary")) {
  fillIn(answers);
  offerToBeginAnew();
}
form.addEventListener("input", keep);
form.addEventListener("submit", forget);
