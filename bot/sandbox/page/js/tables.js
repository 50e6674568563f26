// Tables: the plain one, and the one that sorts and pages.
import { announce, h, put } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const FIRST_PAGE = 5;

/** A table block: its first row is the head. */
export function table(block) {
  const settings = block.column_settings ?? [];
  const shape = (index) =>
    `align-${settings[index]?.align ?? "left"}${settings[index]?.is_wrapped === false ? " nowrap" : ""}`;
  const [head = [], ...body] = block.rows ?? [];
  return scroller(
    "Table",
    h(
      "table",
      null,
      h(
        "thead",
        null,
        h(
          "tr",
          null,
          head.map((cell, index) => h("th", { scope: "col", class: shape(index) }, content(cell))),
        ),
      ),
      h(
        "tbody",
        null,
        body.map((row) =>
          h(
            "tr",
            null,
            row.map((cell, index) => h("td", { class: shape(index) }, content(cell))),
          ),
        ),
      ),
    ),
  );
}

function scroller(label, child) {
  return h("div", { class: "table-scroll", tabindex: "0", role: "group", "aria-label": label }, child);
}

function content(cell) {
  if (cell.type === "rich_text") return richText(cell);
  return plain(String(cell.text ?? cell.value ?? ""));
}

/** A data table: sorted by the head's buttons, a page at a time. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? FIRST_PAGE;
  const pages = Math.max(1, Math.ceil(rows.length / size));
  const numeric = head.map(
    (_, column) => rows.length > 0 && rows.every((row) => row[column]?.type === "raw_number"),
  );
  let page = 0;
  let sorted = null; // {column, up}

  const heads = head.map((cell, column) =>
    h(
      "th",
      { scope: "col", class: numeric[column] ? "align-right" : null },
      h(
        "button",
        { type: "button", class: "sort", onclick: () => sortBy(column) },
        content(cell),
        h("span", { class: "sort-mark", "aria-hidden": "true" }),
      ),
    ),
  );
  const body = h("tbody");
  const count = h("span");
  const back = h("button", { type: "button", class: "button quiet", onclick: () => turn(-1) }, "Previous");
  const forth = h("button", { type: "button", class: "button quiet", onclick: () => turn(1) }, "Next");

  function sortBy(column) {
    sorted = { column, up: sorted?.column === column ? !sorted.up : true };
    rows.sort((a, b) => (sorted.up ? 1 : -1) * compare(a[column], b[column]));
    heads.forEach((each, index) =>
      index === column
        ? each.setAttribute("aria-sort", sorted.up ? "ascending" : "descending")
        : each.removeAttribute("aria-sort"),
    );
    page = 0;
    show();
    announce(`Sorted by ${heads[column].textContent}, ${sorted.up ? "ascending" : "descending"}.`);
  }

  function turn(step) {
    page += step;
    show();
    announce(count.textContent);
  }

  function show() {
    const from = page * size;
    put(
      body,
      rows.slice(from, from + size).map((row) =>
        h(
          "tr",
          null,
          row.map((cell, column) =>
            column === (block.row_header_column_index ?? 0)
              ? h("th", { scope: "row" }, content(cell))
              : h("td", { class: numeric[column] ? "align-right" : null }, content(cell)),
          ),
        ),
      ),
    );
    count.textContent = `${from + 1}–${Math.min(rows.length, from + size)} of ${rows.length}`;
    back.disabled = page === 0;
    forth.disabled = page === pages - 1;
  }

  show();
  return h(
    "div",
    { class: "data-table" },
    scroller(
      block.caption ?? "Table",
      h("table", null, h("caption", null, block.caption), h("thead", null, h("tr", null, heads)), body),
    ),
    pages > 1 && h("div", { class: "pager" }, back, count, forth),
  );
}

function compare(a, b) {
  if (a?.type === "raw_number" && b?.type === "raw_number") return a.value - b.value;
  return words(a).localeCompare(words(b), "en", { numeric: true });
}

function words(cell) {
  return cell?.type === "rich_text" ? h("span", null, richText(cell)).textContent : String(cell?.text ?? "");
}
