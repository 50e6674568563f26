// App Home: the app's own page for the acting person.
import { get, post } from "./api.js";
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { h, keepFocus, put } from "./dom.js";
import { Form } from "./form.js";
import { store } from "./store.js";

/** Opens App Home in `main`. Returns {id, show, stop}. */
export function openHome(main) {
  const form = new Form();
  const page = h("div", { class: "home-page" }, h("p", { class: "empty" }, "Opening…"));
  put(
    main,
    h(
      "header",
      { class: "pane-head" },
      avatar(store.app.bot_user),
      h("div", null, h("h2", null, store.app.name), h("p", { class: "topic" }, "App Home")),
    ),
    h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "App Home" }, page),
  );
  let drawn = false;

  function show(view) {
    if (!view) {
      if (!drawn) put(page, nothing());
      return;
    }
    drawn = true;
    form.redraw();
    const ctx = {
      surface: "home",
      container: { type: "view", view_id: view.id },
      key: "home",
      form,
      level: 3,
    };
    keepFocus(page, () => put(page, drawBlocks(view.blocks, ctx)));
  }

  async function refresh() {
    await post("home/open", { person: store.person });
    const answer = await get("home", { person: store.person });
    if (answer.ok) show(answer.view);
  }

  refresh();
  return { id: "home", show, refresh, stop() {} };
}

function nothing() {
  return h(
    "div",
    { class: "empty" },
    h("p", { class: "empty-title" }, "Nothing here yet"),
    h(
      "p",
      null,
      `${store.app.name} has not drawn this page so far. If the bot is running, it will appear by itself.`,
    ),
  );
}
