// Slack's menus (static, external, people, channels, conversations; one or several) as comboboxes.
import { entered } from "./actions.js";
import { post } from "./api.js";
import { combobox } from "./combobox.js";
import { textWords } from "./mrkdwn.js";
import { me, nameOf, store, titleOf } from "./store.js";

const TYPING_PAUSE = 150; // ms between the last key and asking the app for options

const fromOption = (option) => ({
  key: option.value,
  words: textWords(option.text),
  detail: option.description ? textWords(option.description) : null,
  value: option,
});
const fromPerson = (id) => ({
  key: id,
  words: nameOf(id),
  detail: store.people.get(id)?.title || null,
  value: id,
});
const fromPlace = (id) => ({ key: id, words: titleOf(id), detail: null, value: id });

/** Which values a menu type holds and where its choices come from. */
const KINDS = {
  static: { wrap: fromOption, load: presetOptions },
  external: { wrap: fromOption, load: askApp },
  users: {
    wrap: fromPerson,
    load: () => [{ options: [...store.people.keys()].filter(isActive).map(fromPerson) }],
  },
  channels: { wrap: fromPlace, load: () => [{ options: store.channels.map(({ id }) => fromPlace(id)) }] },
  conversations: { wrap: fromPlace, load: allPlaces },
};

/** A menu of any kind. */
export function select(element, block, ctx, naming) {
  const multiple = element.type.startsWith("multi_");
  const kind = KINDS[element.type.replace("multi_", "").replace("_select", "")];
  const initial = presentChoice(element, ctx.form.register(block, element));
  const { node, input } = combobox({
    naming,
    multiple,
    most: element.max_selected_items,
    placeholder:
      textWords(element.placeholder) ||
      (kind === KINDS.external ? "Type to search" : multiple ? "Choose some" : "Choose one"),
    chosen: [initial]
      .flat()
      .filter((each) => each !== null && each !== undefined)
      .map(kind.wrap),
    wait: kind === KINDS.external ? TYPING_PAUSE : 0,
    clearable: block.type === "input" && block.optional === true,
    load: (query) => {
      const groups = kind.load(element, query, block, ctx);
      return kind === KINDS.external ? groups : filtered(groups, query);
    },
    onChange: (choices) => {
      const values = choices.map((each) => each.value);
      entered(ctx, block, element, multiple ? values : (values[0] ?? null), node);
    },
  });
  ctx.form.attach(block, element, {
    focus: () => input.focus(),
    error: (sentence) => naming.error?.(sentence, input),
  });
  return node;
}

function presentChoice(element, value) {
  if (value === null && element.default_to_current_conversation) return store.place;
  return value;
}

const isActive = (id) => !store.people.get(id).deleted;

function presetOptions(element) {
  if (element.option_groups) {
    return element.option_groups.map((group) => ({
      label: textWords(group.label),
      options: group.options.map(fromOption),
    }));
  }
  return [{ options: (element.options ?? []).map(fromOption) }];
}

async function askApp(element, query, block, ctx) {
  const least = element.min_query_length ?? 3;
  if (query.length < least)
    throw new Error(`Type ${least === 1 ? "a letter" : `${least} letters`} to search.`);
  const answer = await post("options", {
    person: me().id,
    container: ctx.container,
    block_id: block.block_id,
    action_id: element.action_id,
    value: query,
  });
  if (!answer.ok) throw new Error(answer.message ?? "The app did not answer with choices.");
  return presetOptions(answer);
}

function allPlaces() {
  return [
    { label: "Channels", options: store.channels.map(({ id }) => fromPlace(id)) },
    { label: "Direct messages", options: store.dms.map(({ id }) => fromPlace(id)) },
  ];
}

function filtered(groups, query) {
  const wanted = query.trim().toLowerCase();
  const fits = ({ words, detail }) => `${words} ${detail ?? ""}`.toLowerCase().includes(wanted);
  return groups.map((group) => ({ ...group, options: group.options.filter(fits) }));
}
