// Slash commands: what is offered while one types.
import { store } from "./store.js";

/** Splits "/lost Acme, price" into its command and the rest; null when the text is no command. */
export function parse(text) {
  const found = /^(\/[\w-]*)(?:\s+([\s\S]*))?$/.exec(text.trimStart());
  if (!found || text.startsWith("//")) return null;
  return {
    command: found[1],
    rest: (found[2] ?? "").trim(),
    typingRest: /^\/[\w-]*\s/.test(text.trimStart()),
  };
}

/** Offers for what stands in the box: [{title, hint, detail, fill}]; `fill` is what the box holds once chosen. */
export function offers(text) {
  const typed = parse(text);
  if (!typed || text.includes("\n")) return [];
  const commands = store.app?.commands ?? [];
  if (!typed.typingRest) {
    return commands
      .filter(({ command }) => command.startsWith(typed.command))
      .map((each) => ({
        title: each.command,
        hint: each.usage_hint,
        detail: each.description,
        fill: `${each.command} `,
      }));
  }
  const known = commands.find(({ command }) => command === typed.command);
  const wanted = typed.rest.toLowerCase();
  return (known?.suggestions ?? [])
    .filter((each) => each.text.toLowerCase().startsWith(wanted) && each.text.toLowerCase() !== wanted)
    .map((each) => ({
      title: `${typed.command} ${each.text}`,
      hint: "",
      detail: each.hint,
      fill: `${typed.command} ${each.text}`,
    }));
}

/** Whether this is the full name of a known command and nothing more. */
export function isCommand(text) {
  return (store.app?.commands ?? []).some(({ command }) => command === text);
}
