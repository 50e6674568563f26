// Notices that a message came in elsewhere.
import { avatar } from "./avatar.js";
import { byId, h } from "./dom.js";
import { icon } from "./icons.js";
import { gist } from "./messages.js";
import { conversation, store, tell } from "./store.js";

const STAYS = 7000; // ms
const MOST = 3;

/** Shows a notice of a direct message in a conversation that is not open. */
export function toastFor(channel, message) {
  const found = conversation(channel);
  if (!found?.user || message.user === store.person || channel === store.place) return;
  const { from, text } = gist(message);
  const toast = h(
    "div",
    { class: "toast" },
    avatar(message.user),
    h("div", { class: "toast-words" }, h("strong", null, from), h("p", null, text)),
    h(
      "button",
      {
        type: "button",
        class: "button small",
        onclick: () => {
          toast.remove();
          tell("go", channel);
        },
      },
      "Open",
    ),
    h(
      "button",
      { type: "button", class: "icon-button", "aria-label": "Dismiss", onclick: () => toast.remove() },
      icon("close"),
    ),
  );
  byId("toasts").append(toast);
  while (byId("toasts").children.length > MOST) byId("toasts").firstElementChild.remove();
  let timer = setTimeout(() => toast.remove(), STAYS);
  const hold = () => clearTimeout(timer);
  const release = () => {
    timer = setTimeout(() => toast.remove(), STAYS / 2);
  };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("focusout", release);
}

/** Takes all notices away. */
export function clearToasts() {
  byId("toasts").replaceChildren();
}
