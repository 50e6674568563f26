// Inputs one types into: text, numbers, addresses, dates and times.
import { act, entered } from "./actions.js";
import { h } from "./dom.js";
import { textWords } from "./mrkdwn.js";
import { myZone } from "./store.js";
import { fromLocalInput, localInput } from "./time.js";

const NATIVE = {
  plain_text_input: { type: "text" },
  rich_text_input: { type: "text" },
  email_text_input: { type: "email", autocomplete: "off" },
  url_text_input: { type: "url", inputmode: "url" },
  number_input: { type: "text", inputmode: "decimal" },
};

/** A text field of any kind; multi-line where the element says so. */
export function textField(element, block, ctx, naming) {
  const lines = element.multiline || element.type === "rich_text_input";
  const initial = ctx.form.register(block, element);
  const input = h(lines ? "textarea" : "input", {
    ...(lines ? { rows: "4" } : NATIVE[element.type]),
    ...named(naming),
    class: "field",
    placeholder: textWords(element.placeholder) || null,
    autocomplete: "off",
    value: element.type === "rich_text_input" ? fromRich(initial) : (initial ?? ""),
  });
  const read = () =>
    element.type === "rich_text_input" ? toRich(input.value) : input.value.trim() === "" ? null : input.value;
  input.addEventListener("input", () => {
    ctx.form.set(block, element, read());
    ctx.changed?.(block);
    if (tellsOn(block, element, "on_character_entered")) act(ctx, block, element, { value: read() }, input);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || (lines && !event.metaKey && !event.ctrlKey)) return;
    if (block.type !== "input" || tellsOn(block, element, "on_enter_pressed")) {
      event.preventDefault();
      act(ctx, block, element, { value: read() }, input);
    }
  });
  attach(ctx, block, element, naming, input);
  return input;
}

function tellsOn(block, element, moment) {
  if (!block.dispatch_action) return false;
  return (element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"]).includes(moment);
}

function fromRich(value) {
  const texts = (value?.elements ?? []).map((part) =>
    (part.elements ?? []).map((leaf) => leaf.text ?? "").join(""),
  );
  return texts.join("\n");
}

function toRich(text) {
  if (!text.trim()) return null;
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] };
}

const DATE_TYPES = {
  datepicker: { type: "date", read: (text) => text, write: (value) => value },
  timepicker: { type: "time", read: (text) => text, write: (value) => value },
  datetimepicker: {
    type: "datetime-local",
    read: (text) => Math.floor(fromLocalInput(text, myZone()) / 1000),
    write: (seconds) => localInput(new Date(seconds * 1000), myZone()),
  },
};

/** A date, a time, or both; date-times are in the acting person's zone. */
export function dateField(element, block, ctx, naming) {
  const { type, read, write } = DATE_TYPES[element.type];
  const initial = ctx.form.register(block, element);
  const input = h("input", {
    type,
    ...named(naming),
    class: "field date",
    value: initial ? write(initial) : "",
  });
  let told = input.value;
  let typing = false;
  const tell = () => {
    typing = false;
    if (input.value === told) return;
    told = input.value;
    entered(ctx, block, element, told ? read(told) : null, input);
  };
  // While a date is being typed, each digit makes a whole date of some year; wait until the person is done.
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") tell();
    else if (event.key !== "Tab") typing = true;
  });
  input.addEventListener("change", () => {
    ctx.form.set(block, element, input.value ? read(input.value) : null);
    if (!typing) tell();
  });
  input.addEventListener("blur", tell);
  attach(ctx, block, element, naming, input);
  return input;
}

function named(naming) {
  return {
    id: naming.id,
    "aria-label": naming.label,
    "aria-labelledby": naming.labelledby,
    "aria-describedby": naming.describedby,
    "aria-required": naming.required ? "true" : null,
  };
}

function attach(ctx, block, element, naming, input) {
  ctx.form.attach(block, element, {
    focus: () => input.focus(),
    error: (sentence) => naming.error?.(sentence, input),
  });
}
