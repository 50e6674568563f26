// The inputs of one message, modal or Home: their values in the shape of Slack's `state.values`, their labels, their errors.

const FIELD = {
  static_select: "selected_option",
  external_select: "selected_option",
  radio_buttons: "selected_option",
  checkboxes: "selected_options",
  multi_static_select: "selected_options",
  multi_external_select: "selected_options",
  users_select: "selected_user",
  multi_users_select: "selected_users",
  conversations_select: "selected_conversation",
  multi_conversations_select: "selected_conversations",
  channels_select: "selected_channel",
  multi_channels_select: "selected_channels",
  datepicker: "selected_date",
  timepicker: "selected_time",
  datetimepicker: "selected_date_time",
  plain_text_input: "value",
  email_text_input: "value",
  url_text_input: "value",
  number_input: "value",
  rich_text_input: "rich_text_value",
  file_input: "files",
};

const INITIAL = {
  selected_option: "initial_option",
  selected_options: "initial_options",
  selected_user: "initial_user",
  selected_users: "initial_users",
  selected_conversation: "initial_conversation",
  selected_conversations: "initial_conversations",
  selected_channel: "initial_channel",
  selected_channels: "initial_channels",
  selected_date: "initial_date",
  selected_time: "initial_time",
  selected_date_time: "initial_date_time",
  value: "initial_value",
  rich_text_value: "initial_value",
};

const LISTS = new Set([
  "selected_options",
  "selected_users",
  "selected_conversations",
  "selected_channels",
  "files",
]);

/** The name under which Slack reports this type's value, as "selected_option". */
export function valueField(type) {
  return FIELD[type];
}

/** Values of one container's inputs. It outlives a redraw, so that what was typed stays. */
export class Form {
  #values = new Map();
  #inputs = new Map();

  /** Forgets which inputs are shown, but not their values; called before a redraw. */
  redraw() {
    this.#inputs.clear();
  }

  /** Registers an element and returns its present value: what was entered before, else what the app preset. */
  register(block, element) {
    const key = keyOf(block, element);
    const field = FIELD[element.type];
    const initial = element[INITIAL[field]];
    if (!fits(element, field, this.#values.get(key))) {
      this.#values.set(key, { type: element.type, [field]: initial ?? (LISTS.has(field) ? [] : null) });
    }
    if (!this.#inputs.has(key)) this.#inputs.set(key, { block, element, control: null });
    return this.#values.get(key)[field];
  }

  /** Remembers what was entered. */
  set(block, element, value) {
    this.#values.set(keyOf(block, element), { type: element.type, [FIELD[element.type]]: value });
  }

  /** Value as Slack would report it, without its type. */
  get(block, element) {
    return this.#values.get(keyOf(block, element))?.[FIELD[element.type]];
  }

  /** Remembers how to show an error at an input: `control` is {focus(), error(text)}. */
  attach(block, element, control) {
    const input = this.#inputs.get(keyOf(block, element));
    if (input) input.control = control;
  }

  /** Takes the error off one block's input, as when it is being mended. */
  clear(block) {
    for (const { block: each, control } of this.#inputs.values()) {
      if (each.block_id === block.block_id) control?.error(null);
    }
  }

  /** The shown inputs' values by block and action. */
  state() {
    const values = {};
    for (const [key, { block, element }] of this.#inputs) {
      values[block.block_id] ??= {};
      values[block.block_id][element.action_id] = this.#values.get(key);
    }
    return { values };
  }

  /** What is missing or out of bounds: {block_id: sentence}. */
  mistakes() {
    const found = {};
    for (const { block, element } of this.#inputs.values()) {
      if (block.type !== "input") continue;
      const sentence = mistake(element, this.get(block, element), block.optional === true);
      if (sentence) found[block.block_id] = sentence;
    }
    return found;
  }

  /** Shows errors at their inputs, clears the others, and puts the focus on the first. Returns errors nobody could show. */
  show(errors) {
    const left = new Set(Object.keys(errors));
    let first = null;
    for (const { block, control } of this.#inputs.values()) {
      if (!control) continue;
      const sentence = errors[block.block_id] ?? null;
      control.error(sentence);
      if (sentence) {
        left.delete(block.block_id);
        first ??= control;
      }
    }
    first?.focus();
    document.activeElement.closest(".input-block")?.scrollIntoView({ block: "nearest" }); // with its error
    return [...left];
  }
}

/** Whether a value entered before still has its place: same kind, and among the options if they are listed. */
function fits(element, field, before) {
  if (before?.type !== element.type) return false;
  const options = element.options ?? element.option_groups?.flatMap((group) => group.options);
  if (!options || !field.startsWith("selected_option")) return true;
  const known = new Set(options.map((option) => option.value));
  return [before[field]].flat().every((option) => !option || known.has(option.value));
}

function keyOf(block, element) {
  return `${block.block_id} ${element.action_id}`;
}

const EMPTY = {
  selected_option: "Choose one.",
  selected_options: "Choose at least one.",
  selected_date: "Choose a date.",
  selected_time: "Choose a time.",
  files: "Add a file.",
};

function mistake(element, value, optional) {
  const empty =
    value === null || value === undefined || value === "" || (Array.isArray(value) && !value.length);
  if (empty) return optional ? null : (EMPTY[FIELD[element.type]] ?? "Please fill this in.");
  return boundsMistake(element, value);
}

function boundsMistake(element, value) {
  switch (element.type) {
    case "plain_text_input":
      if (element.min_length && value.length < element.min_length)
        return `Please write at least ${element.min_length} characters.`;
      if (element.max_length && value.length > element.max_length)
        return `That is ${value.length - element.max_length} characters too long.`;
      return null;
    case "email_text_input":
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)
        ? null
        : "Please enter an email address, like anna@example.com.";
    case "url_text_input":
      return /^https?:\/\/\S+\.\S+/i.test(value)
        ? null
        : "Please enter a web address that begins with https://.";
    case "number_input":
      return numberMistake(element, value);
    default:
      if (element.max_selected_items && value.length > element.max_selected_items)
        return `Choose at most ${element.max_selected_items}.`;
      return null;
  }
}

function numberMistake(element, value) {
  const number = Number(value);
  if (Number.isNaN(number)) return "Please enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Please enter a whole number.";
  if (element.min_value !== undefined && number < Number(element.min_value))
    return `Must be ${element.min_value} or more.`;
  if (element.max_value !== undefined && number > Number(element.max_value))
    return `Must be ${element.max_value} or less.`;
  return null;
}
