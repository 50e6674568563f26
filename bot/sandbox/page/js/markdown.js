// Standard Markdown, as Slack's markdown block takes it → nodes. Same promise as mrkdwn: text stays text.
import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

const ITEM = /^(\s*)([-*+]|\d+[.)])\s+(.*)$/;

/** Nodes of a Markdown text. `level` is the heading level that "#" becomes. */
export function markdown(text, level = 4) {
  const rest = text.replaceAll("\r", "").split("\n");
  const nodes = [];
  while (rest.length) nodes.push(...nextBlock(rest, level));
  return nodes;
}

function nextBlock(rest, level) {
  const line = rest[0];
  if (!line.trim()) return (rest.shift(), []);
  const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
  if (heading)
    return (rest.shift(), [h(`h${Math.min(6, level + heading[1].length - 1)}`, null, inline(heading[2]))]);
  if (/^\s*(```|~~~)/.test(line)) return [fence(rest)];
  if (/^\s*([-*_])(\s*\1){2,}\s*$/.test(line)) return (rest.shift(), [h("hr")]);
  if (/^\s*>/.test(line))
    return [
      h(
        "blockquote",
        null,
        markdown(
          take(rest, /^\s*>/)
            .map((each) => each.replace(/^\s*> ?/, ""))
            .join("\n"),
          level,
        ),
      ),
    ];
  if (line.includes("|") && /^\s*\|?[\s:|-]*-[\s:|-]*$/.test(rest[1] ?? "")) return [table(rest)];
  if (ITEM.test(line)) return [list(rest)];
  return [paragraph(rest)];
}

function take(rest, pattern) {
  const taken = [];
  while (rest.length && pattern.test(rest[0])) taken.push(rest.shift());
  return taken;
}

function fence(rest) {
  const mark = rest.shift().trim().slice(0, 3);
  const code = [];
  while (rest.length && !rest[0].trim().startsWith(mark)) code.push(rest.shift());
  rest.shift();
  return h("pre", null, h("code", null, code.join("\n")));
}

function paragraph(rest) {
  const words = [rest.shift()];
  while (rest.length && rest[0].trim() && !/^\s*(#{1,6}\s|>|```|~~~)/.test(rest[0]) && !ITEM.test(rest[0]))
    words.push(rest.shift());
  return h(
    "p",
    null,
    words.flatMap((each, index) => (index ? [h("br"), inline(each)] : [inline(each)])),
  );
}

function list(rest) {
  const [, indent, mark] = ITEM.exec(rest[0]);
  const node = h(/\d/.test(mark) ? "ol" : "ul", {
    start: /^\d+/.test(mark) ? Number.parseInt(mark, 10) : null,
  });
  while (rest.length) {
    const item = ITEM.exec(rest[0]);
    if (!item || item[1].length < indent.length) break;
    if (item[1].length > indent.length) {
      (node.lastElementChild ?? node).append(list(rest));
      continue;
    }
    rest.shift();
    const task = /^\[([ xX])\]\s+(.*)$/.exec(item[3]);
    node.append(
      task
        ? h("li", { class: "task" }, task[1] === " " ? "☐ " : "☑ ", inline(task[2]))
        : h("li", null, inline(item[3])),
    );
  }
  return node;
}

function table(rest) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  const head = cells(rest.shift());
  const align = cells(rest.shift()).map((rule) =>
    /^:-+:$/.test(rule) ? "center" : /-:$/.test(rule) ? "right" : "left",
  );
  const rows = take(rest, /\|/).map(cells);
  const cell = (tag) => (text, index) =>
    h(tag, { class: `align-${align[index] ?? "left"}`, scope: tag === "th" ? "col" : null }, inline(text));
  return h(
    "div",
    { class: "table-scroll", tabindex: "0", role: "group", "aria-label": "Table" },
    h(
      "table",
      null,
      h("thead", null, h("tr", null, head.map(cell("th")))),
      h(
        "tbody",
        null,
        rows.map((row) => h("tr", null, row.map(cell("td")))),
      ),
    ),
  );
}

const MARKS = [
  [/`([^`]+)`/, (found) => h("code", null, found[1])],
  [/!\[([^\]]*)\]\(([^)\s]+)[^)]*\)/, (found) => link(found[2], found[1] || found[2])],
  [/\[([^\]]+)\]\(([^)\s]+)[^)]*\)/, (found) => link(found[2], found[1])],
  [/<(https?:\/\/[^>\s]+)>/, (found) => link(found[1])],
  [/\*\*(\S(?:.*?\S)?)\*\*/, (found) => h("strong", null, inline(found[1]))],
  [/__(\S(?:.*?\S)?)__/, (found) => h("strong", null, inline(found[1]))],
  [/~~(\S(?:.*?\S)?)~~/, (found) => h("s", null, inline(found[1]))],
  [/\*(\S(?:[^*]*?\S)?)\*/, (found) => h("em", null, inline(found[1]))],
  [/(?<![\w])_(\S(?:[^_]*?\S)?)_(?![\w])/, (found) => h("em", null, inline(found[1]))],
];

function inline(text) {
  const hits = MARKS.map(([pattern, build]) => ({ found: pattern.exec(text), build })).filter(
    ({ found }) => found,
  );
  if (!hits.length) return [withEmoji(text.replace(/\\([\\`*_{}[\]()#+\-.!~|>])/g, "$1"))];
  const { found, build } = hits.reduce((first, hit) => (hit.found.index < first.found.index ? hit : first));
  return [
    ...(found.index ? inline(text.slice(0, found.index)) : []),
    build(found),
    ...inline(text.slice(found.index + found[0].length)),
  ];
}
