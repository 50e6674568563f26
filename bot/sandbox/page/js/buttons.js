// Things one presses: buttons, overflow menus, feedback and icon buttons.
import { act } from "./actions.js";
import { h, newId } from "./dom.js";
import { icon } from "./icons.js";
import { textNodes, textWords } from "./mrkdwn.js";
import { store } from "./store.js";

/** A button; one with an address also opens it. */
export function button(element, block, ctx) {
  const style = { primary: "button primary", danger: "button danger" }[element.style] ?? "button";
  const press = () => {
    if (element.url) window.open(element.url, "_blank", "noopener");
    act(ctx, block, element, withValue(element, { text: element.text }), node);
  };
  const node = h(
    "button",
    { type: "button", class: style, "aria-label": element.accessibility_label, onclick: press },
    textNodes(element.text),
  );
  return node;
}

function withValue(element, extra) {
  return element.value === undefined ? extra : { ...extra, value: element.value };
}

/** A small button that shows only an icon. */
export function iconButton(element, block, ctx) {
  if (element.visible_to_user_ids && !element.visible_to_user_ids.includes(store.person)) return null;
  const name = element.accessibility_label ?? textWords(element.text);
  const node = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": name,
      title: name,
      onclick: () => act(ctx, block, element, withValue(element, {}), node),
    },
    icon(element.icon),
  );
  return node;
}

/** Two thumbs; the one pressed stays pressed. */
export function feedbackButtons(element, block, ctx) {
  const thumb = (part, picture) => {
    const name = part.accessibility_label ?? textWords(part.text);
    const node = h(
      "button",
      {
        type: "button",
        class: "button quiet",
        "aria-pressed": "false",
        "aria-label": name,
        onclick: async () => {
          if (!(await act(ctx, block, element, { value: part.value, text: part.text }, node))) return;
          for (const each of group.children) each.setAttribute("aria-pressed", String(each === node));
        },
      },
      icon(picture),
      textNodes(part.text),
    );
    return node;
  };
  const group = h(
    "span",
    { class: "button-pair" },
    thumb(element.positive_button, "thumbs-up"),
    thumb(element.negative_button, "thumbs-down"),
  );
  return group;
}

/** The "⋯" menu. */
export function overflow(element, block, ctx) {
  const menuId = newId("menu");
  const opener = h(
    "button",
    {
      type: "button",
      class: "icon-button",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": menuId,
      onclick: () => (isOpen() ? close() : open()),
    },
    icon("dots"),
  );
  const items = element.options.map((option) =>
    h(
      "button",
      { type: "button", role: "menuitem", tabindex: "-1", class: "menu-item", onclick: () => choose(option) },
      textNodes(option.text),
      option.description && h("small", null, textNodes(option.description)),
    ),
  );
  const menu = h(
    "div",
    { id: menuId, role: "menu", "aria-label": "More actions", popover: "manual", class: "menu" },
    items,
  );
  const node = h("span", { class: "overflow" }, opener, menu);

  const isOpen = () => menu.matches(":popover-open");

  function open() {
    menu.showPopover();
    const box = opener.getBoundingClientRect();
    const { offsetWidth, offsetHeight } = menu;
    menu.style.left = `${Math.max(8, Math.min(box.left, window.innerWidth - offsetWidth - 8))}px`;
    menu.style.top = `${box.bottom + offsetHeight + 8 > window.innerHeight ? box.top - offsetHeight - 4 : box.bottom + 4}px`;
    opener.setAttribute("aria-expanded", "true");
    items[0]?.focus();
  }

  function close() {
    if (!isOpen()) return;
    menu.hidePopover();
    opener.setAttribute("aria-expanded", "false");
  }

  function choose(option) {
    close();
    opener.focus();
    if (option.url) window.open(option.url, "_blank", "noopener");
    act(ctx, block, element, { selected_option: option }, node);
  }

  menu.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
      opener.focus();
    }
  });
  node.addEventListener("focusout", (event) => {
    if (!node.contains(event.relatedTarget)) close();
  });
  return node;
}
