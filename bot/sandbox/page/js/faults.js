// Trouble on demand: make the workspace slow, failing or silent towards the bot.
import { post, remove } from "./api.js";
import { h } from "./dom.js";

const KINDS = [
  ["slow", "answers slowly"],
  ["fail", "fails"],
  ["hang", "does not answer"],
  ["rate_limit", "is rate limited"],
  ["duplicate", "is delivered twice"],
];

/** A form to order trouble with; it folds away. */
export function faultsForm() {
  const method = h("input", {
    type: "text",
    id: "fault-method",
    class: "field",
    value: "*",
    spellcheck: "false",
    autocomplete: "off",
  });
  const kind = h(
    "select",
    { id: "fault-kind", class: "field" },
    KINDS.map(([value, words]) => h("option", { value }, words)),
  );
  const seconds = h("input", {
    type: "number",
    id: "fault-seconds",
    class: "field",
    min: "0",
    max: "600",
    value: "2",
  });
  const times = h("input", {
    type: "number",
    id: "fault-times",
    class: "field",
    min: "1",
    max: "1000",
    value: "1",
  });
  const status = h("p", { class: "field-note", role: "status" });
  const order = async (event) => {
    event.preventDefault();
    const answer = await post("faults", {
      method: method.value.trim() || "*",
      kind: kind.value,
      seconds: Number(seconds.value),
      times: Number(times.value),
    });
    status.textContent = answer.ok
      ? `Set: ${method.value || "*"} ${kind.selectedOptions[0].textContent}, ${times.value} times.`
      : answer.message;
  };
  const clear = async () => {
    const answer = await remove("faults");
    status.textContent = answer.ok ? "All trouble is over." : answer.message;
  };
  return h(
    "details",
    { class: "faults" },
    h("summary", null, "Make trouble"),
    h(
      "form",
      { onsubmit: order },
      labelled("Method (* is any)", method),
      labelled("What happens", kind),
      labelled("Seconds", seconds),
      labelled("How many times", times),
      h(
        "div",
        { class: "actions" },
        h("button", { type: "submit", class: "button small primary" }, "Set"),
        h("button", { type: "button", class: "button small", onclick: clear }, "Clear all"),
      ),
      status,
    ),
  );
}

function labelled(words, field) {
  return h("div", null, h("label", { for: field.id }, words), field);
}
