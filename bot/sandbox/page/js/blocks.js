// Every block, by type.
import { alertBox, card, carousel, container, plan, taskCard } from "./cards.js";
import { chart } from "./charts.js";
import { h } from "./dom.js";
import { drawElement, inputId } from "./elements.js";
import { icon } from "./icons.js";
import { inputBlock } from "./inputblock.js";
import { markdown } from "./markdown.js";
import { link, textNodes, textWords } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./tables.js";

const BY_TYPE = {
  header: (block, ctx) => h(`h${ctx.level}`, { class: "head" }, textNodes(block.text)),
  section,
  actions: (block, ctx) =>
    h(
      "div",
      { class: "actions" },
      block.elements.map((each) => drawElement(each, block, ctx)),
    ),
  context: (block) => h("div", { class: "context" }, block.elements.map(contextPart)),
  context_actions: (block, ctx) =>
    h(
      "div",
      { class: "actions small" },
      block.elements.map((each) => drawElement(each, block, ctx)),
    ),
  divider: () => h("hr"),
  image: imageBlock,
  input: inputBlock,
  rich_text: (block) => h("div", { class: "rich" }, richText(block)),
  markdown: (block, ctx) => h("div", { class: "rich" }, markdown(block.text ?? "", ctx.level)),
  table,
  data_table: dataTable,
  data_visualization: chart,
  file: (block) =>
    h(
      "div",
      { class: "file-card" },
      h("span", { class: "file-icon" }, icon("file")),
      h("span", null, block.external_id),
    ),
  video: (block) =>
    h(
      "div",
      { class: "file-card" },
      h("span", { class: "file-icon" }, icon("image")),
      link(block.video_url ?? "", textWords(block.title)),
    ),
  alert: alertBox,
  card,
  carousel: (block, ctx) => carousel(block, ctx, drawBlock),
  container: (block, ctx) => container(block, ctx, drawBlocks),
  task_card: taskCard,
  plan,
};

/** Draws a list of blocks. `ctx` says where they stand: {surface, container, key, form, level}. */
export function drawBlocks(blocks, ctx) {
  return (blocks ?? []).map((block) => drawBlock(block, ctx));
}

function drawBlock(block, ctx) {
  const draw = BY_TYPE[block.type];
  const content = draw
    ? draw(block, ctx)
    : h("p", { class: "unknown" }, `This page cannot show a "${block.type}" block.`);
  return h("div", { class: `block block-${block.type}` }, content);
}

function section(block, ctx) {
  const { accessory } = block;
  const words = [
    block.text && h("div", { class: "rich" }, textNodes(block.text)),
    block.fields &&
      h(
        "div",
        { class: "fields" },
        block.fields.map((field) => h("div", { class: "rich" }, textNodes(field))),
      ),
  ];
  if (!accessory) return words;
  const naming = { id: inputId(ctx, block, accessory), label: textWords(block.text).slice(0, 150) || null };
  const drawn = drawElement(accessory, block, ctx, naming.label ? naming : undefined);
  return h(
    "div",
    { class: `section with-${accessory.type}` },
    h("div", { class: "section-words" }, words),
    h("div", { class: "accessory" }, drawn),
  );
}

function contextPart(part) {
  return part.type === "image" ? picture(part) : h("span", { class: "rich" }, textNodes(part));
}

function imageBlock(block) {
  return h(
    "figure",
    { class: "figure" },
    picture(block),
    block.title && h("figcaption", null, textNodes(block.title)),
  );
}
