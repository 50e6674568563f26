// Charts as inline SVG, always with their figures as a table for those who cannot see or compare them.
import { h, svg } from "./dom.js";
import { plain } from "./mrkdwn.js";

const NARROW = matchMedia("(max-width: 760px)");
const HEIGHT = 240;
const EDGE = { top: 16, right: 12, bottom: 30, left: 46 };
const TITLE_ROOM = 18;

const figure = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });
const brief = new Intl.NumberFormat("en-GB", { notation: "compact", maximumFractionDigits: 1 });

/** A data_visualization block: line, bar, area or pie. */
export function chart(block) {
  const data = block.chart;
  const pie = data.type === "pie";
  const drawing = pie ? drawPie(data.segments) : drawAxes(data);
  const summary = `${plain(block.title)}. ${pie ? "Pie" : data.type} chart: ${pie ? spokenPie(data.segments) : spokenSeries(data)}`;
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", summary);
  return h(
    "figure",
    { class: `chart chart-${data.type}` },
    h("figcaption", null, plain(block.title)),
    drawing,
    legend(
      pie
        ? data.segments.map(({ label, value }) => `${label} · ${figure.format(value)}`)
        : data.series.map(({ name }) => name),
      pie || data.series.length > 1,
    ),
    h(
      "details",
      { class: "chart-figures" },
      h("summary", null, "Show the figures"),
      pie ? pieTable(data.segments) : seriesTable(data),
    ),
  );
}

function legend(names, shown) {
  return (
    shown &&
    h(
      "ul",
      { class: "legend" },
      names.map((name, index) =>
        h("li", null, h("span", { class: `swatch hue-${index % 6}`, "aria-hidden": "true" }), name),
      ),
    )
  );
}

function spokenPie(segments) {
  return segments.map(({ label, value }) => `${label} ${figure.format(value)}`).join(", ");
}

function spokenSeries({ series }) {
  return series
    .map(
      ({ name, data }) =>
        `${name}: ${data.map(({ label, value }) => `${label} ${figure.format(value)}`).join(", ")}`,
    )
    .join("; ");
}

function drawAxes(data) {
  const width = NARROW.matches ? 340 : 560; // drawn smaller rather than shrunk, so that its words stay readable
  const { categories, x_label: xLabel, y_label: yLabel } = data.axis_config;
  const values = data.series.flatMap((series) => series.data.map(({ value }) => value));
  const ticks = roundTicks(Math.min(0, ...values), Math.max(0, ...values));
  const [low, high] = [ticks[0], ticks.at(-1)];
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const y = (value) => EDGE.top + inner.height * (1 - (value - low) / (high - low));
  const step = inner.width / categories.length;
  const x = (index) => EDGE.left + step * (index + 0.5);
  const room = Math.max(4, Math.floor(step / 6.2));
  const every = Math.ceil(34 / step);

  const grid = ticks.map((tick) => [
    svg("line", {
      class: tick === 0 ? "axis" : "grid",
      x1: EDGE.left,
      x2: width - EDGE.right,
      y1: y(tick),
      y2: y(tick),
    }),
    svg(
      "text",
      { class: "tick", x: EDGE.left - 8, y: y(tick) + 4, "text-anchor": "end" },
      brief.format(tick),
    ),
  ]);
  const labels = categories.map(
    (name, index) =>
      index % every === 0 &&
      svg(
        "text",
        { class: "tick", x: x(index), y: HEIGHT - EDGE.bottom + 18, "text-anchor": "middle" },
        shorten(name, room * every),
      ),
  );
  const titles = [
    yLabel && svg("text", { class: "axis-title", x: 2, y: 10 - TITLE_ROOM }, plain(yLabel)),
    xLabel &&
      svg(
        "text",
        { class: "axis-title", x: width - EDGE.right, y: HEIGHT + 12, "text-anchor": "end" },
        plain(xLabel),
      ),
  ];
  const ordered = data.series.map((series) =>
    categories.map((name) => series.data.find(({ label }) => label === name)?.value ?? 0),
  );
  const marks = { bar: bars, line: lines, area: areas }[data.type](ordered, {
    x,
    y,
    step,
    zero: y(Math.max(low, Math.min(high, 0))),
  });
  const above = yLabel ? TITLE_ROOM : 0;
  return svg(
    "svg",
    { viewBox: `0 ${-above} ${width} ${HEIGHT + above + (xLabel ? TITLE_ROOM : 0)}` },
    grid,
    labels,
    titles,
    marks,
  );
}

function bars(series, { x, y, step, zero }) {
  const width = Math.min(46, (step * 0.72) / series.length);
  return series.map((values, which) =>
    values.map((value, index) => {
      const left = x(index) - (width * series.length) / 2 + which * width;
      const top = Math.min(y(value), zero);
      return [
        svg("rect", {
          class: `mark hue-${which % 6}`,
          x: left + 1,
          y: top,
          width: Math.max(1, width - 2),
          height: Math.max(1, Math.abs(y(value) - zero)),
          rx: Math.min(4, width / 4),
        }),
        width >= 20 &&
          svg(
            "text",
            { class: "value", x: left + width / 2, y: top - 4, "text-anchor": "middle" },
            brief.format(value),
          ),
      ];
    }),
  );
}

function lines(series, { x, y }) {
  return series.map((values, which) => [
    svg("polyline", {
      class: `stroke hue-${which % 6}`,
      points: values.map((value, index) => `${x(index)},${y(value)}`).join(" "),
    }),
    values.map((value, index) =>
      svg("circle", { class: `mark hue-${which % 6}`, cx: x(index), cy: y(value), r: 3.5 }),
    ),
  ]);
}

function areas(series, scale) {
  const { x, y, zero } = scale;
  return series
    .map((values, which) => {
      const tops = values.map((value, index) => `${x(index)},${y(value)}`);
      return svg("polygon", {
        class: `wash hue-${which % 6}`,
        points: [`${x(0)},${zero}`, ...tops, `${x(values.length - 1)},${zero}`].join(" "),
      });
    })
    .concat(lines(series, scale));
}

function drawPie(segments) {
  const total = segments.reduce((sum, { value }) => sum + value, 0);
  const [middle, radius] = [HEIGHT / 2, HEIGHT / 2 - 8];
  let turned = 0;
  const slices = segments.map(({ value }, index) => {
    const share = value / total;
    const from = point(middle, radius, turned);
    turned += share;
    const to = point(middle, radius, turned);
    const label = point(middle, radius * 0.68, turned - share / 2);
    const shape =
      share > 0.9999
        ? svg("circle", { class: `mark slice hue-${index % 6}`, cx: middle, cy: middle, r: radius })
        : svg("path", {
            class: `mark slice hue-${index % 6}`,
            d: `M${middle} ${middle}L${from}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${to}Z`,
          });
    return [
      shape,
      share >= 0.07 &&
        svg(
          "text",
          { class: "slice-label", x: label[0], y: label[1] + 4, "text-anchor": "middle" },
          `${Math.round(share * 100)}%`,
        ),
    ];
  });
  return svg("svg", { viewBox: `0 0 ${HEIGHT} ${HEIGHT}` }, slices);
}

function point(middle, radius, turn) {
  const angle = turn * 2 * Math.PI - Math.PI / 2;
  return [middle + radius * Math.cos(angle), middle + radius * Math.sin(angle)].map((each) =>
    Number(each.toFixed(2)),
  );
}

function roundTicks(low, high) {
  const span = high - low || 1;
  const rough = span / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const size = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const first = Math.floor(low / size);
  const last = Math.max(first + 1, Math.ceil(high / size));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * size).toPrecision(12)),
  );
}

function shorten(words, length) {
  const text = plain(words);
  return text.length <= length ? text : `${text.slice(0, Math.max(1, length - 1))}…`;
}

function pieTable(segments) {
  return figures(
    ["", "Value"],
    segments.map(({ label, value }) => [label, value]),
  );
}

function seriesTable({ series, axis_config: { categories } }) {
  const at = (points, name) => points.find(({ label }) => label === name)?.value;
  return figures(
    ["", ...series.map(({ name }) => name)],
    categories.map((name) => [name, ...series.map(({ data }) => at(data, name))]),
  );
}

function figures([corner, ...heads], rows) {
  return h(
    "table",
    null,
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        h("td", null, corner),
        heads.map((head) => h("th", { scope: "col", class: "align-right" }, head)),
      ),
    ),
    h(
      "tbody",
      null,
      rows.map(([name, ...values]) =>
        h(
          "tr",
          null,
          h("th", { scope: "row" }, name),
          values.map((value) =>
            h("td", { class: "align-right" }, value === undefined ? "" : figure.format(value)),
          ),
        ),
      ),
    ),
  );
}
