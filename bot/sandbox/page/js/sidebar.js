// The sidebar: who we are, channels, direct messages, apps.
import { post } from "./api.js";
import { avatar } from "./avatar.js";
import { openDialog } from "./confirm.js";
import { byId, h, keepFocus, put } from "./dom.js";
import { icon } from "./icons.js";
import { peopleSwitcher } from "./people.js";
import { nameOf, on, store, tell } from "./store.js";
import { footTools } from "./tools.js";

/** Draws the sidebar and keeps it true. */
export function startSidebar() {
  on("place", draw);
  on("loaded", draw);
  on("unread", draw);
  on("theme", draw);
}

function draw() {
  const nav = byId("sidebar");
  const [channels, others] = [
    store.channels.filter(({ member }) => member !== false),
    store.channels.filter(({ member }) => member === false),
  ];
  const dms = [...store.dms].sort(
    (a, b) => rank(a) - rank(b) || nameOf(a.user).localeCompare(nameOf(b.user)),
  );
  keepFocus(nav, () =>
    put(
      nav,
      h("p", { class: "workspace" }, store.workspace.name),
      peopleSwitcher(),
      h(
        "div",
        { class: "sidebar-scroll" },
        group(
          "Channels",
          [...channels, ...others].map((each) =>
            row(each.id, icon("hash"), each.name, each.unread, each.member === false && "not joined"),
          ),
          h(
            "button",
            {
              type: "button",
              id: "add-channel",
              class: "icon-button",
              "aria-label": "Add a channel",
              title: "Add a channel",
              onclick: addChannel,
            },
            icon("plus"),
          ),
        ),
        group(
          "Direct messages",
          dms.map((each) =>
            row(
              each.id,
              avatar(each.user),
              nameOf(each.user),
              each.unread,
              each.user === store.app.bot_user && "app",
            ),
          ),
        ),
        store.app.home && group("Apps", [row("home", icon("home"), `${store.app.name} Home`, 0)]),
      ),
      footTools(),
    ),
  );
}

const rank = (dm) => (dm.user === store.app.bot_user ? 0 : 1);

function group(title, rows, tool) {
  const id = `group-${title.replace(/\W/g, "").toLowerCase()}`;
  return h(
    "section",
    { class: "group", "aria-labelledby": id },
    h("div", { class: "group-head" }, h("h2", { id }, title), tool),
    h("ul", null, rows),
  );
}

function row(id, mark, name, unread, note) {
  const open = store.place === id;
  return h(
    "li",
    null,
    h(
      "a",
      {
        id: `to-${id}`,
        class: `row${unread ? " unread" : ""}`,
        href: `?as=${store.person}&at=${id}`,
        "data-place": id,
        "aria-current": open ? "page" : null,
      },
      h("span", { class: "row-mark" }, mark),
      h("span", { class: "row-name" }, name),
      note && h("small", { class: "row-note" }, note),
      unread > 0 &&
        h(
          "span",
          { class: "count" },
          unread > 99 ? "99+" : unread,
          h("span", { class: "visually-hidden" }, " unread"),
        ),
    ),
  );
}

function addChannel() {
  const field = h("input", {
    id: "channel-name",
    class: "field",
    type: "text",
    maxlength: "80",
    autocomplete: "off",
    placeholder: "win-backs",
    "aria-describedby": "channel-hint channel-error",
  });
  const error = h("p", { class: "field-error", id: "channel-error", role: "alert" });
  const dialog = openDialog({
    title: "Add a channel",
    body: h(
      "div",
      { class: "input-block" },
      h("label", { class: "label", for: "channel-name" }, "Name"),
      field,
      h(
        "p",
        { class: "hint", id: "channel-hint" },
        "Small letters, digits and dashes. An existing channel is joined.",
      ),
      error,
    ),
    submit: "Add",
    onSubmit: async () => {
      const name = field.value.trim().toLowerCase().replace(/\s+/g, "-").replace(/^#/, "");
      if (!/^[\p{Ll}\p{Lo}\d_-]{1,80}$/u.test(name)) {
        error.textContent = "Please give it a name of small letters, digits and dashes.";
        field.focus();
        return false;
      }
      const answer = await post("channel", { person: store.person, name });
      if (!answer.ok) {
        error.textContent = answer.message ?? answer.error;
        return false;
      }
      tell("reload", answer.channel?.id ?? answer.channel);
      return true;
    },
  });
  dialog.querySelector("input").focus();
}
