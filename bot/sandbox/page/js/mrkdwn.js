// Slack's mrkdwn → nodes. Whatever the text holds, only the elements named here can come out of it.
import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { conversation, nameOf, myZone, store } from "./store.js";
import { dateTokens } from "./time.js";

const STYLES = { "*": "strong", _: "em", "~": "s" };
const BEFORE = /[\s([{"'—–\-…>*_~/|:]/;
const AFTER = /[\s)\]}"'—–\-….,;:!?*_~/|<]/;

/** Undoes Slack's escaping of &, < and >. */
function decoded(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Plain text as Slack shows it: entities undone, emoji names replaced, nothing else. */
export function plain(text) {
  return withEmoji(decoded(text ?? ""));
}

/** Nodes for a text object {type, text} or a bare string of plain text. */
export function textNodes(text) {
  if (!text) return [];
  if (typeof text === "string") return [plain(text)];
  return text.type === "mrkdwn" ? mrkdwn(text.text ?? "") : [plain(text.text)];
}

/** The words of a text object without any markup, for labels. */
export function textWords(text) {
  return h("span", null, textNodes(text)).textContent;
}

/** Parses mrkdwn: code fences and quotes by line, the rest inline. */
export function mrkdwn(text) {
  const nodes = [];
  text.split(/```\n?/).forEach((part, index) => {
    if (index % 2) nodes.push(h("pre", null, h("code", null, decoded(part.replace(/\n$/, "")))));
    else if (part.trim() || index === 0) nodes.push(...lines(part.replace(/^\n/, "")));
  });
  return nodes;
}

const KINDS = [
  ["quote", /^(?:&gt;|>) ?/],
  ["list", /^\s*[•◦▪] ?/],
];

function lines(text) {
  const runs = [];
  for (const line of text.split("\n")) {
    const [kind, mark] = KINDS.find(([, pattern]) => pattern.test(line)) ?? ["text", null];
    const content = mark ? line.replace(mark, "") : line;
    if (runs.at(-1)?.kind === kind) runs.at(-1).lines.push(content);
    else runs.push({ kind, lines: [content] });
  }
  return runs.flatMap(({ kind, lines: content }) => {
    if (kind === "quote") return [h("blockquote", null, inline(content.join("\n")))];
    if (kind === "list")
      return [
        h(
          "ul",
          null,
          content.map((line) => h("li", null, inline(line))),
        ),
      ];
    return inline(content.join("\n"));
  });
}

/** Parses one stretch of text without block structure. */
export function inline(text) {
  const nodes = [];
  let words = "";
  const flush = () => {
    if (words) nodes.push(...breaks(decoded(words)));
    words = "";
  };
  for (let at = 0; at < text.length;) {
    const [node, length] = special(text, at);
    if (length) {
      flush();
      nodes.push(node);
      at += length;
    } else {
      words += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function breaks(words) {
  return words.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

function special(text, at) {
  const char = text[at];
  if (char === "`") return matched(/`([^`\n]+)`/y, text, at, (code) => h("code", null, decoded(code)));
  if (char === "<") return matched(/<([^<>\n]+)>/y, text, at, token);
  if (char === ":") return matched(/:([a-z0-9_+-]+(?:::skin-tone-\d)?):/y, text, at, emojiNode);
  if (STYLES[char] && (at === 0 || BEFORE.test(text[at - 1]))) return styled(text, at, char);
  return [null, 0];
}

function matched(pattern, text, at, build) {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const node = found && build(found[1]);
  return node ? [node, found[0].length] : [null, 0];
}

function emojiNode(name) {
  const found = emoji(name);
  return found && h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, found);
}

function styled(text, at, char) {
  let depth = 0;
  for (let end = at + 1; end < text.length && text[end] !== "\n"; end += 1) {
    if (text[end] === "<") depth += 1;
    if (text[end] === ">") depth -= 1;
    if (text[end] !== char || depth > 0 || end === at + 1) continue;
    const closes = /\S/.test(text[end - 1]) && (end + 1 === text.length || AFTER.test(text[end + 1]));
    if (!closes || /\s/.test(text[at + 1])) continue;
    return [h(STYLES[char], null, inline(text.slice(at + 1, end))), end + 1 - at];
  }
  return [null, 0];
}

function token(body) {
  const [target, label] = splitOnce(body, "|");
  if (target.startsWith("@")) return mention(target.slice(1), label);
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!")) return specialMention(target.slice(1), label);
  return link(decoded(target), label === undefined ? undefined : decoded(label));
}

function splitOnce(text, mark) {
  const at = text.indexOf(mark);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

/** A mention of a person; ours stands out. */
export function mention(id, label) {
  const name = store.people.has(id) || id === store.app?.bot_user ? nameOf(id) : (label ?? id);
  return h(
    "span",
    { class: id === store.person ? "mention mention-me" : "mention", "data-person": id },
    `@${name}`,
  );
}

/** A reference to a channel, which opens it if we can see it. */
export function channelLink(id, label) {
  const found = conversation(id);
  if (!found) return h("span", { class: "mention" }, `#${label ?? id}`);
  return h(
    "a",
    { class: "mention", href: `?as=${store.person}&at=${id}`, "data-place": id },
    `#${found.name}`,
  );
}

function specialMention(body, label) {
  const date = /^date\^(-?\d+)\^([^^]+)(?:\^(.+))?$/.exec(body);
  if (date) {
    const at = new Date(Number(date[1]) * 1000);
    return h("time", { datetime: at.toISOString() }, dateTokens(date[2], at, myZone()));
  }
  return h("span", { class: "mention mention-me" }, `@${label ?? body.split("^")[0]}`);
}

/** A link that leaves the page, if its address is one a browser may follow. */
export function link(address, label) {
  if (!/^(https?:\/\/|mailto:|tel:)/i.test(address)) return label ?? address;
  const words = label ?? address.replace(/^mailto:|^tel:/i, "");
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}
