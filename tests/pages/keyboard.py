"""A page by the keyboard alone: all is reached, and seen."""

from playwright.sync_api import Page

# What Tab must reach: of a group of radio buttons one. How each looks is noted before, and again when it has the focus.
BEGIN = """
() => {
  document.activeElement?.blur()
  const words = (e) => e.getAttribute("aria-label") || e.innerText || e.name || ""
  const name = (e) => `${e.localName} ${words(e).trim().slice(0, 40)}`
  const marks = (e) => {
    const label = ["radio", "checkbox"].includes(e.type) && e.labels?.[0]
    const look = (style) => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.color]
    return JSON.stringify([look(getComputedStyle(e)), label ? look(getComputedStyle(label, "::before")) : ""])
  }
  const groups = new Set()
  const once = (e) => {
    if (e.type !== "radio") return true
    const group = `${e.form?.action} ${e.name}`
    return !groups.has(group) && groups.add(group)
  }
  const all = "a[href], button, input, select, textarea, summary, [tabindex]"
  const due = [...document.querySelectorAll(all)]
    .filter((e) => e.tabIndex >= 0 && !e.disabled && e.type !== "hidden")
    .filter((e) => e.checkVisibility({ visibilityProperty: true }))
    .filter(once)
  const before = new Map(due.map((e) => [e, marks(e)]))
  const reached = new Set()
  const unseen = new Set()
  document.addEventListener("focusin", ({ target }) => {
    reached.add(target.type === "radio" ? `${target.form?.action} ${target.name}` : target)
    if (before.has(target) && before.get(target) === marks(target)) unseen.add(target)
  })
  const got = (e) => reached.has(e.type === "radio" ? `${e.form?.action} ${e.name}` : e)
  window.tabbed = () => [
    ...due.filter((e) => e.isConnected && !got(e)).map((e) => `not reached: ${name(e)}`),
    ...[...unseen].map((e) => `focus not seen: ${name(e)}`),
  ]
  return due.length
}
"""


def tabbed_through(page: Page) -> list[str]:
    """What the Tab key did not reach, or reached without a sign of it."""
    for _ in range(page.evaluate(BEGIN) + 3):
        page.keyboard.down("Tab")  # held: each is a step, and there is one message less to the browser than for a press
    page.keyboard.up("Tab")
    found: list[str] = page.evaluate("() => window.tabbed()")
    return found
