// Talks to the sandbox's server. Every call resolves; a failure is a value {ok: false, error, message}.

const UNREACHABLE = {
  ok: false,
  error: "unreachable",
  message: "The sandbox did not answer. Is it still running?",
};

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    return UNREACHABLE;
  }
  try {
    const body = await response.json();
    return response.ok ? { ok: true, ...body } : { ...body, ok: false };
  } catch {
    return {
      ok: false,
      error: "bad_answer",
      message: `The sandbox answered with status ${response.status}.`,
    };
  }
}

/** Reads from the page API: `get("messages", {person, channel})`. */
export function get(name, query = {}) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const suffix = new URLSearchParams(known).toString();
  return ask(`/sandbox/${name}${suffix ? `?${suffix}` : ""}`);
}

/** Acts through the page API: `post("message", {person, channel, text})`. */
export function post(name, body = {}) {
  return ask(`/sandbox/${name}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** Forgets what a `post` of the same name set up. */
export function remove(name) {
  return ask(`/sandbox/${name}`, { method: "DELETE" });
}

/** Hands files over as `person`, with words if there are any; without a channel they belong to a form still open. */
export function upload(person, channel, files, text = "") {
  const form = new FormData();
  form.append("person", person);
  if (channel) form.append("channel", channel);
  if (text) form.append("text", text);
  for (const file of files) form.append("file", file, file.name);
  return ask("/sandbox/upload", { method: "POST", body: form });
}

/** Address under which a file's bytes are served to `person`. */
export function fileAddress(id, person) {
  return `/sandbox/file/${encodeURIComponent(id)}?person=${encodeURIComponent(person)}`;
}
