// One choice widget for every kind of menu: a text box that filters a list, for one choice or several.
import { announce, h, newId, put } from "./dom.js";
import { icon } from "./icons.js";

const LONGEST_LIST = 100;

/**
 * Builds a combobox.
 * `load(query)` gives groups [{label, options: [{key, words, detail, value}]}], at once or later.
 * `chosen` is the present choice (a list when `multiple`); `onChange(choices)` hears of every change.
 * `naming` names the input: {id, label | labelledby, describedby, required}.
 * Returns {node, input}.
 */
export function combobox({
  naming,
  placeholder,
  multiple = false,
  most = Infinity,
  chosen = [],
  wait = 0,
  clearable = false,
  load,
  onChange,
}) {
  const listId = newId("list");
  let choices = [...chosen];
  let shown = [];
  let active = -1;
  let asked = 0;
  let timer = null;

  const input = h("input", {
    type: "text",
    role: "combobox",
    id: naming.id,
    autocomplete: "off",
    spellcheck: "false",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-label": naming.label,
    "aria-labelledby": naming.labelledby,
    "aria-describedby": naming.describedby,
    "aria-required": naming.required ? "true" : null,
    placeholder,
  });
  const list = h("div", {
    id: listId,
    role: "listbox",
    class: "combo-list",
    popover: "manual",
    "aria-label": "Choices",
    "aria-multiselectable": multiple ? "true" : null,
  });
  const chips = h("span", { class: "chips" });
  const clear = h(
    "button",
    { type: "button", class: "combo-clear", "aria-label": "Clear the choice", onclick: () => choose([]) },
    icon("close"),
  );
  const node = h(
    "span",
    { class: multiple ? "combo multiple" : "combo" },
    chips,
    input,
    clear,
    h("span", { class: "combo-arrow" }, icon("chevron")),
    list,
  );

  function isOpen() {
    return list.matches(":popover-open");
  }

  function open() {
    if (!isOpen()) {
      list.showPopover();
      input.setAttribute("aria-expanded", "true");
      window.addEventListener("scroll", place, true);
      window.addEventListener("resize", place);
    }
    refresh(multiple || input.value !== words() ? input.value : "");
  }

  function close() {
    clearTimeout(timer);
    asked += 1;
    if (!isOpen()) return;
    list.hidePopover();
    window.removeEventListener("scroll", place, true);
    window.removeEventListener("resize", place);
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function place() {
    const box = node.getBoundingClientRect();
    const below = window.innerHeight - box.bottom - 12;
    const above = box.top - 12;
    const upwards = below < 180 && above > below;
    list.style.left = `${box.left}px`;
    list.style.width = `${Math.max(box.width, 220)}px`;
    list.style.maxHeight = `${Math.min(320, Math.max(120, upwards ? above : below))}px`;
    list.style.top = upwards ? "auto" : `${box.bottom + 4}px`;
    list.style.bottom = upwards ? `${window.innerHeight - box.top + 4}px` : "auto";
  }

  function refresh(query) {
    clearTimeout(timer);
    timer = setTimeout(() => look(query), wait && query ? wait : 0);
  }

  async function look(query) {
    asked += 1;
    const mine = asked;
    const answer = load(query);
    if (answer instanceof Promise && !list.hasChildNodes()) note("Looking…");
    place();
    let groups;
    try {
      groups = await answer;
    } catch (error) {
      if (mine === asked) note(error.message);
      return;
    }
    if (mine === asked && isOpen()) draw(groups);
  }

  function note(sentence) {
    shown = [];
    put(
      list,
      h(
        "div",
        { class: "combo-note", role: "option", "aria-disabled": "true", "aria-selected": "false" },
        sentence,
      ),
    );
  }

  function draw(groups) {
    shown = [];
    active = -1;
    const drawn = groups.map((group) => {
      const options = group.options.slice(0, LONGEST_LIST - shown.length).map(drawOption);
      if (!options.length || !group.label) return options;
      return h(
        "div",
        { role: "group", "aria-label": group.label },
        h("div", { class: "combo-group", "aria-hidden": "true" }, group.label),
        options,
      );
    });
    put(list, drawn);
    if (!shown.length) note("Nothing fits.");
    announce(shown.length ? `${shown.length} ${shown.length === 1 ? "choice" : "choices"}` : "Nothing fits.");
    const current = shown.findIndex(({ option }) => isChosen(option));
    activate(input.value && input.value !== words() ? 0 : current);
    place();
  }

  function drawOption(option) {
    const row = h(
      "div",
      {
        role: "option",
        id: newId("option"),
        class: "combo-option",
        "aria-selected": isChosen(option) ? "true" : "false",
        onclick: () => pick(option),
      },
      h("span", null, option.words),
      option.detail && h("small", null, option.detail),
    );
    shown.push({ option, row });
    return row;
  }

  function activate(index) {
    shown[active]?.row.classList.remove("active");
    active = index;
    const row = shown[active]?.row;
    if (!row) return input.removeAttribute("aria-activedescendant");
    row.classList.add("active");
    row.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", row.id);
  }

  function isChosen(option) {
    return choices.some((each) => each.key === option.key);
  }

  function pick(option) {
    if (!multiple) {
      choose([option]);
      close();
      return;
    }
    if (isChosen(option)) choose(choices.filter((each) => each.key !== option.key));
    else if (choices.length < most) choose([...choices, option]);
    else announce(`At most ${most}.`);
    input.value = "";
    input.focus();
    open();
  }

  function choose(next) {
    choices = next;
    show();
    onChange(choices);
  }

  function words() {
    return multiple ? "" : (choices[0]?.words ?? "");
  }

  function show() {
    input.value = words();
    clear.hidden = multiple || !clearable || !choices.length;
    put(
      chips,
      multiple &&
        choices.map((each) =>
          h(
            "span",
            { class: "chip" },
            each.words,
            h(
              "button",
              {
                type: "button",
                "aria-label": `Remove ${each.words}`,
                onclick: () => {
                  choose(choices.filter((other) => other.key !== each.key));
                  input.focus();
                },
              },
              icon("close"),
            ),
          ),
        ),
    );
  }

  function leave(event) {
    if (node.contains(event.relatedTarget)) return;
    close();
    if (!multiple && !input.value.trim() && clearable && choices.length) choose([]);
    else show();
  }

  input.addEventListener("click", () => (isOpen() ? null : open()));
  input.addEventListener("input", open);
  node.addEventListener("focusout", leave);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the text box keeps the focus
  input.addEventListener("keydown", (event) => {
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!isOpen()) return open();
      activate(
        (active + (key === "ArrowDown" ? 1 : shown.length - 1 + (active < 0 ? 1 : 0))) %
          Math.max(1, shown.length),
      );
    } else if (key === "Enter" && isOpen()) {
      event.preventDefault();
      if (shown[active]) pick(shown[active].option);
    } else if (key === "Escape" && isOpen()) {
      event.preventDefault();
      event.stopPropagation();
      close();
      show();
    } else if (key === "Tab") {
      close();
    } else if (key === "Backspace" && multiple && !input.value && choices.length) {
      choose(choices.slice(0, -1));
    }
  });
  node.addEventListener("mousedown", (event) => {
    if (event.target.closest("button, input, [role=listbox]")) return;
    event.preventDefault();
    input.focus();
    open();
  });

  show();
  return { node, input };
}
