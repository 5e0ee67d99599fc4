// Number keys for the theming desk: 1 to 9 for the themes, 0 for none, L for later, U to take back.
// Without this script the buttons do the same. Whoever types with their voice can switch the keys off.
(() => {
  const choices = document.querySelector("[data-theming]");
  const strip = document.querySelector("[data-theming-switch]");
  const remembered = "theming-keys";
  let on = true;
  let sent = false;

  try {
    on = localStorage.getItem(remembered) !== "off";
  } catch {
    // A browser that keeps nothing starts with the keys on each time.
  }

  const show = () => {
    document.querySelectorAll(".theming-key").forEach((key) => { key.hidden = !on; });
    if (!strip) return;
    const button = strip.querySelector("button");
    strip.hidden = false;
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? "Number keys are on" : "Number keys are off";
  };

  strip?.querySelector("button").addEventListener("click", () => {
    on = !on;
    try {
      localStorage.setItem(remembered, on ? "on" : "off");
    } catch {
      // Then it holds for this page only.
    }
    show();
  });

  // One answer per page: a second key, pressed before the next insight is there, must not change this one.
  choices?.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (!on || sent || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const target = document.querySelector(`[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (!target) return;
    event.preventDefault();
    target.click();
  });

  show();
})();
