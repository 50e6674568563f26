// The framed blocks: card, carousel, alert, container, task card, plan.
import { h } from "./dom.js";
import { drawElement } from "./elements.js";
import { icon } from "./icons.js";
import { link, textNodes } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./richtext.js";

/** A compact card: picture, title, body, up to three buttons. */
export function card(block, ctx) {
  const mark = block.icon ? picture(block.icon) : block.slack_icon && icon(block.slack_icon.name);
  return h(
    "div",
    { class: "card" },
    block.hero_image && picture(block.hero_image),
    h(
      "div",
      { class: "card-head" },
      mark && h("span", { class: "card-mark" }, mark),
      h(
        "div",
        null,
        block.title && h("p", { class: "card-title" }, textNodes(block.title)),
        block.subtitle && h("p", { class: "card-subtitle" }, textNodes(block.subtitle)),
      ),
    ),
    block.body && h("div", { class: "rich" }, textNodes(block.body)),
    block.actions &&
      h(
        "div",
        { class: "actions" },
        block.actions.map((each) => drawElement(each, block, ctx)),
      ),
    block.subtext && h("p", { class: "card-subtext" }, textNodes(block.subtext)),
  );
}

/** Cards side by side, to be scrolled with the keyboard too. */
export function carousel(block, ctx, drawBlock) {
  return h(
    "div",
    { class: "carousel", tabindex: "0", role: "group", "aria-label": "Cards" },
    block.elements.map((each) => drawBlock({ ...each, block_id: each.block_id ?? block.block_id }, ctx)),
  );
}

const SPOKEN_LEVEL = { warning: "Warning: ", error: "Error: ", success: "Done: ", info: "Note: " };

/** A boxed remark; its level is told by icon and word, not by colour alone. */
export function alertBox(block) {
  const level = block.level in SPOKEN_LEVEL ? block.level : "default";
  return h(
    "div",
    { class: `alert alert-${level}` },
    icon(level === "default" ? "info" : level),
    h(
      "div",
      { class: "rich" },
      h("span", { class: "visually-hidden" }, SPOKEN_LEVEL[level]),
      textNodes(block.text),
    ),
  );
}

/** A titled group of blocks that may fold. */
export function container(block, ctx, drawBlocks) {
  const title = [
    block.icon && picture(block.icon),
    h("strong", null, block.rich_text_title ? richText(block.rich_text_title) : textNodes(block.title)),
    block.subtitle && h("small", null, textNodes(block.subtitle)),
  ];
  const content = drawBlocks(block.child_blocks, ctx);
  if (block.is_collapsible)
    return h(
      "details",
      { class: "container", open: !block.default_collapsed },
      h("summary", null, title),
      content,
    );
  return h(
    "div",
    { class: "container" },
    h("div", { class: "container-head" }, title),
    block.has_header_divider && h("hr"),
    content,
  );
}

const STATUS = {
  pending: ["clock", "Waiting"],
  in_progress: ["activity", "Under way"],
  complete: ["check", "Done"],
  error: ["warning", "Failed"],
};

/** One task and how it stands. */
export function taskCard(block) {
  const [mark, words] = STATUS[block.status] ?? STATUS.pending;
  return h(
    "div",
    { class: "card task" },
    h(
      "div",
      { class: "card-head" },
      h("span", { class: "card-mark" }, icon(mark)),
      h("div", null, h("p", { class: "card-title" }, block.title), h("p", { class: "card-subtitle" }, words)),
    ),
    block.details && h("div", { class: "rich" }, richText(block.details)),
    block.output && h("div", { class: "rich" }, richText(block.output)),
    block.sources &&
      h(
        "p",
        { class: "card-subtext" },
        block.sources.map((each) => [link(each.url, each.text), " "]),
      ),
  );
}

/** A titled list of tasks. */
export function plan(block) {
  return h(
    "div",
    { class: "container" },
    h("div", { class: "container-head" }, h("strong", null, textNodes(block.title))),
    (block.tasks ?? []).map(taskCard),
  );
}
