// Slack's rich_text blocks → nodes.
import { h } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelLink, link, mention } from "./mrkdwn.js";
import { myZone } from "./store.js";
import { dateTokens } from "./time.js";

const STYLE_TAGS = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

/** Nodes of a rich_text block or cell. */
export function richText(block) {
  return (block.elements ?? []).map(section);
}

function section(part) {
  const content = () => (part.elements ?? []).map(leaf);
  switch (part.type) {
    case "rich_text_list":
      return list(part);
    case "rich_text_preformatted":
      return h("pre", null, h("code", null, content()));
    case "rich_text_quote":
      return h("blockquote", null, content());
    default:
      return h("div", { class: "rich-section" }, content());
  }
}

function list(part) {
  const tag = part.style === "ordered" ? "ol" : "ul";
  const start = part.offset ? part.offset + 1 : null;
  const items = (part.elements ?? []).map((item) => h("li", null, (item.elements ?? []).map(leaf)));
  return h(tag, { class: `indent-${Math.min(part.indent ?? 0, 5)}`, start }, items);
}

function leaf(part) {
  return dressed(bare(part), part.style);
}

function bare(part) {
  switch (part.type) {
    case "text":
      return (part.text ?? "").split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
    case "link":
      return link(part.url ?? "", part.text || undefined);
    case "user":
      return mention(part.user_id);
    case "channel":
      return channelLink(part.channel_id);
    case "usergroup":
      return h("span", { class: "mention" }, `@${part.usergroup_id}`);
    case "broadcast":
      return h("span", { class: "mention mention-me" }, `@${part.range}`);
    case "emoji":
      return emoji(part.name ?? "") ?? `:${part.name}:`;
    case "date": {
      const at = new Date(part.timestamp * 1000);
      return h("time", { datetime: at.toISOString() }, dateTokens(part.format ?? "{date}", at, myZone()));
    }
    case "color":
      return h("code", null, part.value);
    default:
      return part.text ?? "";
  }
}

function dressed(content, style) {
  return Object.entries(STYLE_TAGS).reduce(
    (node, [name, tag]) => (style?.[name] ? h(tag, null, node) : node),
    content,
  );
}
