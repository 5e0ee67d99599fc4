// Keys for typing in a ballot. Where one figure is the whole answer it goes on to the next line by itself; otherwise
// Enter does. The arrows go up and down. From the last line one comes to the button, and Enter keeps the ballot.
// Without this script the Tab key and the button do.
(() => {
  const form = document.querySelector("[data-ballot]");
  if (!form) return;
  const boxes = [...form.querySelectorAll(".ballot-line input")];
  const keep = form.querySelector("button[type=submit]");
  const points = [...form.querySelectorAll(".ballot-point")].map((point) => {
    const [key, ...words] = point.textContent.trim().split(" ");
    return [key, words.join(" ")];
  });
  const says = new Map(points);
  let sent = false;

  form.querySelector("[data-keys]").hidden = false;

  const go = (box, step) => {
    const next = boxes[boxes.indexOf(box) + step];
    if (next) next.select();
    else if (step > 0) keep.focus();
  };
  const show = (box) => {
    box.parentElement.querySelector(".ballot-line__says").textContent = says.get(box.value) ?? "";
  };

  boxes.forEach((box) => {
    show(box);
    box.addEventListener("input", () => {
      show(box);
      if ("oneFigure" in box.dataset && says.has(box.value)) go(box, 1);
    });
    box.addEventListener("keydown", (event) => {
      const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || event.isComposing) return;
      event.preventDefault();
      go(box, step);
    });
  });
  keep.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowUp") return;
    event.preventDefault();
    boxes.at(-1).select();
  });

  // A ballot is sent once: the page that follows asks for the next code.
  form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
})();
