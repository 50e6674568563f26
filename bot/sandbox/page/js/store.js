// What the page knows right now, and who wants to hear when that changes.

const topics = new EventTarget();

/** Everything the server told us for the acting person; filled by `load`. */
export const store = {
  person: null, // id of the one we act as
  place: null, // id of the open conversation, or "home"
  workspace: { id: "", name: "" },
  people: new Map(),
  channels: [],
  dms: [],
  app: null,
  bot: { connected: true, mode: "socket", waiting: 0 },
  steps: [],
};

/** Takes over a bootstrap answer. */
export function load(person, data) {
  Object.assign(store, {
    person,
    workspace: data.workspace,
    people: new Map(data.people.map((each) => [each.id, each])),
    channels: data.channels,
    dms: data.dms,
    app: data.app,
    bot: data.bot,
    steps: data.steps ?? [],
  });
}

/** Calls `listener(detail)` whenever `topic` is told. */
export function on(topic, listener) {
  topics.addEventListener(topic, (event) => listener(event.detail));
}

/** Tells everyone who listens to `topic`. */
export function tell(topic, detail) {
  topics.dispatchEvent(new CustomEvent(topic, { detail }));
}

/** The person we act as. */
export function me() {
  return store.people.get(store.person);
}

/** The acting person's time zone. */
export function myZone() {
  return me()?.tz ?? "UTC";
}

/** People one can act as: neither bots nor the deactivated. */
export function actors() {
  return [...store.people.values()].filter((each) => !each.is_bot && !each.deleted);
}

/** Name of a person or bot, whoever it is. */
export function nameOf(id) {
  const known = store.people.get(id)?.name;
  if (known) return known;
  return id && id === store.app?.bot_user ? store.app.name : (id ?? "Somebody");
}

/** The channel or DM with this id, if we can see it. */
export function conversation(id) {
  return store.channels.find((each) => each.id === id) ?? store.dms.find((each) => each.id === id);
}

/** The DM between us and the bot. */
export function botDm() {
  return store.dms.find((each) => each.user === store.app?.bot_user);
}

/** What a conversation is called in a sentence. */
export function titleOf(id) {
  if (id === "home") return `${store.app?.name ?? "App"} Home`;
  const found = conversation(id);
  if (!found) return "Conversation";
  return found.user ? nameOf(found.user) : `#${found.name}`;
}
