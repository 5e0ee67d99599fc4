// Keys for typing in cards. Enter goes on from the number to the words and keeps the card from there; Shift and Enter
// begin a new line. An empty number takes the one that is proposed. Without this script the Tab key and the buttons do.
(() => {
  const form = document.querySelector("[data-card]");
  if (!form) return;
  const number = form.querySelector("input[name=number]");
  const words = form.querySelector("textarea");
  const proposed = form.querySelector("[data-proposed]");
  const putsAside = /\d\s*[ib]\s*$/i;
  let sent = false;

  form.querySelector("[data-keys]").hidden = false;

  number.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || putsAside.test(number.value)) return;
    event.preventDefault();
    if (!number.value.trim()) {
      if (!proposed || proposed.value.endsWith("-")) return;
      number.value = proposed.value;
    }
    words.focus();
  });

  words.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("button[type=submit]"));
  });

  // A card is sent once: the page that follows asks for the next one.
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
})();
