// The main pane when a channel or DM is open: its head, messages and composer.
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { composer } from "./composer.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { messagePane } from "./messages.js";
import { conversation, nameOf, store, tell } from "./store.js";

/** Opens a conversation in `main`. Returns what can be done with it: {id, pane, fill, stop}. */
export function openConversation(main, id) {
  const found = conversation(id);
  const pane = messagePane(id, found?.unread ?? 0);
  const box = composer(id, pane.note);
  const invite = h("div", { class: "strip-holder" });
  put(main, head(found, id), invite, pane.node, found?.member === false ? joinStrip(found) : box.node);
  put(invite, inviteStrip(found));
  main.ondragover = (event) => {
    event.preventDefault();
    main.classList.add("dropping");
  };
  main.ondragleave = (event) => {
    if (!main.contains(event.relatedTarget)) main.classList.remove("dropping");
  };
  main.ondrop = (event) => {
    event.preventDefault();
    main.classList.remove("dropping");
    if (event.dataTransfer.files.length) box.attach([...event.dataTransfer.files]);
  };
  return {
    id,
    pane,
    fill: box.fill,
    focus: box.focus,
    stop() {
      pane.stop();
      main.ondragover = main.ondragleave = main.ondrop = null;
    },
  };
}

function head(found, id) {
  if (!found) return h("header", { class: "pane-head" }, h("h2", null, id));
  if (found.user) {
    const person = store.people.get(found.user);
    return h(
      "header",
      { class: "pane-head" },
      avatar(found.user),
      h(
        "div",
        null,
        h("h2", null, nameOf(found.user)),
        h(
          "p",
          { class: "topic" },
          found.user === store.app.bot_user
            ? "App · direct message"
            : [person?.title, person?.tz_label].filter(Boolean).join(" · "),
        ),
      ),
    );
  }
  return h(
    "header",
    { class: "pane-head" },
    h("span", { class: "pane-mark" }, icon("hash")),
    h("div", null, h("h2", null, found.name), found.topic && h("p", { class: "topic" }, found.topic)),
  );
}

function inviteStrip(found) {
  if (!found || found.user || found.app_member !== false) return null;
  const button = h(
    "button",
    {
      type: "button",
      class: "button",
      onclick: async () => {
        button.disabled = true;
        const answer = await post("invite", { channel: found.id, person: store.person });
        if (answer.ok) {
          found.app_member = true;
          strip.remove();
        } else {
          button.disabled = false;
        }
      },
    },
    `Invite ${store.app.name}`,
  );
  const strip = h(
    "div",
    { class: "strip" },
    h("span", null, `${store.app.name} is not in this channel and cannot post here.`),
    button,
  );
  return strip;
}

function joinStrip(found) {
  return h(
    "div",
    { class: "strip join" },
    h("span", null, `You are looking at #${found.name} from outside.`),
    h(
      "button",
      {
        type: "button",
        class: "button primary",
        onclick: async () => {
          const answer = await post("channel", { person: store.person, name: found.name });
          if (answer.ok) tell("reload");
        },
      },
      "Join",
    ),
  );
}
