// The list above the message box that completes commands.
import { h, newId, put, announce } from "./dom.js";
import { isCommand, offers } from "./commands.js";

/** Watches a text box. `key(event)` handles a key and returns true when it was meant for the list. */
export function completion(box) {
  const id = newId("commands");
  const list = h("div", { id, class: "completion", role: "listbox", "aria-label": "Commands", hidden: true });
  let shown = [];
  let active = -1;
  let dismissed = false;

  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", id);

  function look() {
    shown = dismissed ? [] : offers(box.value);
    list.hidden = !shown.length;
    put(
      list,
      shown.map((offer, index) =>
        h(
          "div",
          {
            role: "option",
            id: `${id}-${index}`,
            class: "completion-row",
            "aria-selected": "false",
            onclick: () => take(offer),
          },
          h("span", { class: "completion-title" }, offer.title),
          offer.hint && h("span", { class: "completion-hint" }, offer.hint),
          offer.detail && h("small", null, offer.detail),
        ),
      ),
    );
    const namesStage = /^\/[\w-]*$/.test(box.value);
    select(shown.length && namesStage ? 0 : -1);
    if (shown.length)
      announce(`${shown.length} ${shown.length === 1 ? "suggestion" : "suggestions"}, use the arrow keys.`);
  }

  function select(index) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = index;
    const row = list.children[active];
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) box.setAttribute("aria-activedescendant", row.id);
    else box.removeAttribute("aria-activedescendant");
  }

  function take(offer) {
    box.value = offer.fill;
    box.focus();
    const blank = /\b[A-Z]{3,}\b/.exec(offer.fill); // a word to be replaced, like ACCOUNT
    if (blank) box.setSelectionRange(blank.index, blank.index + blank[0].length);
    else box.setSelectionRange(offer.fill.length, offer.fill.length);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function key(event) {
    if (!shown.length || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      select(active < 0 && step < 0 ? shown.length - 1 : (active + step + shown.length) % shown.length);
    } else if (event.key === "Tab" && !event.shiftKey) {
      take(shown[Math.max(0, active)]);
    } else if (event.key === "Enter" && !event.shiftKey && active >= 0 && !isCommand(box.value)) {
      take(shown[active]);
    } else if (event.key === "Escape") {
      dismissed = true;
      look();
    } else {
      return false;
    }
    event.preventDefault();
    return true;
  }

  box.addEventListener("input", () => {
    if (!box.value.startsWith("/")) dismissed = false;
    look();
  });
  box.addEventListener("blur", () =>
    setTimeout(() => {
      list.hidden = true;
    }, 150),
  );
  box.addEventListener("focus", look);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  return { list, key };
}
