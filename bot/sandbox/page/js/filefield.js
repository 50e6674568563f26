// The file input of a form: files are handed to the workspace at once, the form holds what it knows of them.
import { entered } from "./actions.js";
import { upload } from "./api.js";
import { h, put } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { fileSize } from "./files.js";

/** A drop area with a button; its value is the list of uploaded files. */
export function fileField(element, block, ctx, naming) {
  let files = ctx.form.register(block, element) ?? [];
  const most = element.max_files ?? 10;
  const list = h("ul", { class: "file-list" });
  const note = h("p", { class: "field-note", role: "status" });
  const input = h("input", {
    type: "file",
    class: "file-input",
    id: naming.id,
    multiple: most > 1,
    "aria-label": naming.label,
    "aria-labelledby": naming.labelledby,
    "aria-describedby": naming.describedby,
    accept: (element.filetypes ?? []).map((type) => `.${type}`).join(",") || null,
    onchange: () => add([...input.files]),
  });
  const node = h(
    "div",
    { class: "drop" },
    h("p", { class: "drop-words" }, icon("clip"), "Drop a file here, or choose one"),
    input,
    list,
    note,
  );

  async function add(chosen) {
    const room = most - files.length;
    const allowed = (element.filetypes ?? []).map((type) => type.toLowerCase());
    const fitting = chosen.filter(
      (file) => !allowed.length || allowed.includes(file.name.split(".").pop().toLowerCase()),
    );
    if (fitting.length < chosen.length)
      note.textContent = `Only ${allowed.map((type) => `.${type}`).join(", ")} files fit here.`;
    else if (fitting.length > room) note.textContent = `At most ${most} ${most === 1 ? "file" : "files"}.`;
    else note.textContent = "Uploading…";
    const taken = fitting.slice(0, Math.max(0, room));
    input.value = "";
    if (!taken.length) return;
    const answer = await upload(store.person, null, taken);
    if (!answer.ok) {
      note.textContent = answer.message ?? "The upload failed.";
      return;
    }
    if (note.textContent === "Uploading…") note.textContent = "";
    change([...files, ...(answer.files ?? [])]);
  }

  function change(next) {
    files = next;
    show();
    entered(ctx, block, element, files, node);
  }

  function show() {
    put(
      list,
      files.map((file) =>
        h(
          "li",
          null,
          icon("file"),
          h("span", null, file.name),
          h("small", null, fileSize(file.size)),
          h(
            "button",
            {
              type: "button",
              class: "icon-button",
              "aria-label": `Remove ${file.name}`,
              onclick: () => change(files.filter((each) => each !== file)),
            },
            icon("close"),
          ),
        ),
      ),
    );
  }

  node.addEventListener("dragover", (event) => {
    event.preventDefault();
    node.classList.add("over");
  });
  node.addEventListener("dragleave", () => node.classList.remove("over"));
  node.addEventListener("drop", (event) => {
    event.preventDefault();
    event.stopPropagation();
    node.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  ctx.form.attach(block, element, {
    focus: () => input.focus(),
    error: (sentence) => naming.error?.(sentence, input),
  });
  show();
  return node;
}
