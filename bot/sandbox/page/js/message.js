// One message, drawn.
import { avatar } from "./avatar.js";
import { drawBlocks } from "./blocks.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { fileCard } from "./files.js";
import { Form } from "./form.js";
import { withEmoji } from "./emoji.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { myZone, nameOf, store } from "./store.js";
import { clockTime, dayTitle, fromTs } from "./time.js";

const forms = new Map(); // what was entered into messages' inputs, by channel and ts

/** Draws a message. `follows` is true when the same sender wrote just before and the name need not be said again. */
export function drawMessage(message, channel, follows) {
  const at = fromTs(message.ts);
  const zone = myZone();
  const name = message.user ? nameOf(message.user) : (message.name ?? "Slackbot");
  const time = h(
    "time",
    { datetime: at.toISOString(), title: `${dayTitle(at, zone)}, ${clockTime(at, zone)}` },
    clockTime(at, zone),
  );
  const app = message.bot || store.people.get(message.user)?.is_bot;
  return h(
    "article",
    {
      class: `message${follows ? " follows" : ""}${message.ephemeral ? " private" : ""}`,
      "data-ts": message.ts,
      tabindex: "-1",
      "aria-label": `${name}, ${clockTime(at, zone)}${message.ephemeral ? ", only visible to you" : ""}`,
    },
    follows ? h("span", { class: "side-time" }, time) : avatar(message.user),
    h(
      "div",
      { class: "message-body" },
      !follows &&
        h(
          "div",
          { class: "message-head" },
          h("span", { class: "sender" }, name),
          app && h("span", { class: "badge" }, "App"),
          time,
        ),
      message.ephemeral && h("p", { class: "private-mark" }, icon("eye"), "Only visible to you"),
      message.thread_ts &&
        message.thread_ts !== message.ts &&
        h("p", { class: "private-mark" }, "In a thread"),
      h("div", { class: "content" }, content(message, channel)),
      message.attachments?.map((each) => attachment(each, message, channel)),
      message.reactions?.length > 0 &&
        h(
          "p",
          { class: "reactions" },
          message.reactions.map((each) =>
            h("span", { class: "reaction" }, withEmoji(`:${each.name ?? each}:`)),
          ),
        ),
      message.files?.length > 0 && h("div", { class: "files" }, message.files.map(fileCard)),
    ),
  );
}

function content(message, channel) {
  const edited = message.edited && !message.ephemeral && h("span", { class: "edited" }, "(edited)");
  if (!message.blocks?.length)
    return message.text || edited
      ? h("div", { class: "rich" }, mrkdwn(message.text ?? ""), edited && [" ", edited])
      : null;
  const ctx = contextOf(message, channel);
  ctx.form.redraw();
  return [drawBlocks(message.blocks, ctx), edited];
}

function contextOf(message, channel) {
  const key = `${channel}-${message.ts}`;
  if (!forms.has(key)) forms.set(key, new Form());
  return {
    surface: "message",
    container: { type: "message", channel, ts: message.ts },
    key,
    form: forms.get(key),
    level: 4,
  };
}

/** The older kind of attachment: a coloured bar beside text or blocks. */
function attachment(part, message, channel) {
  return h(
    "div",
    { class: "attachment" },
    part.pretext && h("div", { class: "rich" }, mrkdwn(part.pretext)),
    part.title &&
      h("p", { class: "card-title" }, part.title_link ? link(part.title_link, part.title) : part.title),
    part.text && h("div", { class: "rich" }, mrkdwn(part.text)),
    part.blocks && drawBlocks(part.blocks, contextOf(message, channel)),
    part.footer && h("p", { class: "card-subtext" }, part.footer),
  );
}

/** Forgets what was entered into messages, as after a reset or a change of person. */
export function forgetEntries() {
  forms.clear();
}
