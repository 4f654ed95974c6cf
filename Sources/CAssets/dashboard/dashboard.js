// The dashboard: reads the API that everyone else reads, and shows it. Everything that comes from a job is set as text, never as
// markup.
const api = "/api/v1";
const main = document.getElementById("main");
const states = ["ready", "running", "retrying", "scheduled", "dead", "succeeded", "cancelled"];
const pages = [
  ["", "Overview", overview], ["queues", "Queues", queues], ["jobs", "Jobs", jobs], ["dead", "Dead letters", dead],
  ["workers", "Workers", workers], ["submit", "Submit", submit], ["prove", "Prove", prove],
];

// Elements. h("td", {class: "x", onclick: f}, "text", otherElement)
function h(name, attributes, ...children) {
  const element = name === "svg" || name === "path" || name === "title" && attributes?.svg
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value !== undefined && value !== null && value !== false && key !== "svg") element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
const link = (path, text) => h("a", { href: "#/" + path }, text);
const stateWord = (state) => h("span", { class: "state-" + state }, state);
const number = (value) => value === null || value === undefined ? "–" : Number(value).toLocaleString("en");
const instant = (text) => text ? h("time", { datetime: text, title: text }, new Date(text).toLocaleString()) : "–";
function age(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return Math.round(seconds * 1000) + " ms";
  if (seconds < 120) return seconds.toFixed(1) + " s";
  return seconds < 7200 ? Math.round(seconds / 60) + " min" : (seconds / 3600).toFixed(1) + " h";
}
const bytes = (count) => count ? (count / 1048576).toFixed(1) + " MB" : "–";
function table(caption, heads, rows) {
  const cells = (row) => row.map((cell, index) => h("td", { class: heads[index].startsWith("#") ? "number" : null }, cell));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { "aria-label": caption },
      h("thead", null, h("tr", null, heads.map((head) => h("th", { scope: "col", class: head.startsWith("#") ? "number" : null }, head.replace(/^#/, ""))))),
      h("tbody", null, rows.length ? rows.map((row) => h("tr", null, cells(row))) : h("tr", null, h("td", { colspan: heads.length, class: "faint" }, "None.")))));
}
const json = (value) => h("pre", null, typeof value === "string" ? value : JSON.stringify(value, null, 2));

// Calls. A 401 asks for a token once and tries again; errors are told as the API tells them.
let token = sessionStorage.getItem("token") ?? "";
async function call(method, path, body, headers) {
  for (let attempt = 0; ; attempt++) {
    const response = await fetch(path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...(token ? { Authorization: "Bearer " + token } : {}), ...headers },
    });
    if (response.status === 401 && attempt === 0 && await askForToken()) continue;
    const text = await response.text();
    const value = text ? JSON.parse(text) : null;
    if (response.ok) return value;
    const details = (value?.errors ?? []).map((error) => `${error.pointer} ${error.detail}`).join("; ");
    throw new Error([value?.title ?? response.statusText, value?.detail, details].filter(Boolean).join(" – "));
  }
}
const get = (path) => call("GET", path);
function askForToken() {
  return new Promise((resolve) => {
    const input = h("input", { type: "password", autocomplete: "off", required: true });
    const dialog = h("dialog", { "aria-label": "Token" },
      h("form", { method: "dialog", onsubmit: () => { token = input.value; sessionStorage.setItem("token", token); resolve(true); } },
        h("p", null, "This API wants a token."), h("label", null, "Token", input), h("p", null, h("button", null, "Go on"))));
    dialog.addEventListener("cancel", () => resolve(false));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
}
function tell(error) {
  const box = h("div", null, String(error.message ?? error));
  document.getElementById("notice").append(box);
  setTimeout(() => box.remove(), 8000);
}
// A button that does something, says so when it fails, and shows the page anew.
function action(text, work, { danger, confirm: question } = {}) {
  const button = h("button", { type: "button", class: danger ? "danger" : null, onclick: async () => {
    if (question && !confirm(question)) return;
    button.disabled = true;
    try { await work(); } catch (error) { tell(error); }
    button.disabled = false;
    refresh();
  } }, text);
  return button;
}

// Pages.
async function overview() {
  const [stats, { workers }] = await Promise.all([get(api + "/stats"), get(api + "/workers")]);
  const sum = (name) => stats.queues.reduce((total, queue) => total + queue.counts[name], 0);
  const oldest = stats.queues.map((queue) => queue.oldest_age_seconds).filter((value) => value !== null);
  const tile = (name, value, path) => h("div", { class: "tile" }, h("span", null, path ? link(path, name) : name), h("b", null, value));
  return [
    h("h1", null, "Overview"),
    h("div", { class: "tiles" },
      tile("ready", number(sum("ready")), "jobs?state=ready"), tile("running", number(sum("running")), "jobs?state=running"),
      tile("retrying", number(sum("retrying")), "jobs?state=retrying"), tile("scheduled", number(sum("scheduled")), "jobs?state=scheduled"),
      tile("dead", number(sum("dead")), "dead"), tile("oldest waiting", oldest.length ? age(Math.max(...oldest)) : "–"),
      tile("workers", number(workers.filter((worker) => worker.state !== "lost").length), "workers")),
    h("div", { class: "charts" },
      chart("Jobs a minute: in (blue), succeeded (green), dead (red)", stats.history, [["a", "enqueued"], ["b", "succeeded"], ["c", "dead"]]),
      chart("Cancelled (blue) and failed attempts (red) a minute", stats.history, [["a", "cancelled"], ["c", "failed"]])),
    h("h2", null, "Queues"), queueTable(stats.queues),
  ];
}
function chart(caption, history, lines) {
  const most = Math.max(1, ...lines.flatMap(([, field]) => history.map((minute) => minute[field])));
  const paths = lines.map(([name, field]) => {
    const points = history.map((minute, index) => `${(index / Math.max(1, history.length - 1) * 600).toFixed(1)},${(118 - minute[field] / most * 110).toFixed(1)}`);
    return h("path", { class: name, d: "M" + points.join("L") });
  });
  return h("figure", null,
    h("svg", { viewBox: "0 0 600 120", preserveAspectRatio: "none", role: "img", "aria-label": `${caption}; the highest is ${most}` }, paths),
    h("figcaption", null, `${caption}. Last ${history.length} minutes, at most ${number(most)}.`));
}
function queueTable(list) {
  return table("Queues", ["Queue", "#Ready", "#Running", "#Retrying", "#Scheduled", "#Dead", "#Done", "Oldest", "State", ""], list.map((queue) => [
    link("jobs?queue=" + queue.name, queue.name), ...["ready", "running", "retrying", "scheduled", "dead", "done"].map((state) => number(queue.counts[state])),
    age(queue.oldest_age_seconds),
    queue.paused ? h("span", { class: "warn" }, "paused" + (queue.paused_reason ? ": " + queue.paused_reason : "")) : "active",
    queue.paused ? action("Resume", () => call("POST", `${api}/queues/${queue.name}/resume`))
      : action("Pause", () => call("POST", `${api}/queues/${queue.name}/pause`, { reason: "from the dashboard" }), { confirm: `Pause ${queue.name}? What runs goes on.` }),
  ]));
}
async function queues() {
  return [h("h1", null, "Queues"), queueTable((await get(api + "/queues")).queues)];
}
function filterForm(fields, parameters, path) {
  const form = h("form", { class: "row", onsubmit: (event) => {
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    location.hash = `#/${path}?${query}`;
  } }, fields.map(([name, choices]) => h("label", null, name, choices
    ? h("select", { name }, h("option", { value: "" }, "all"), choices.map((choice) => h("option", { value: choice, selected: parameters.get(name) === choice }, choice)))
    : h("input", { name, value: parameters.get(name) ?? "" }))), h("button", null, "Show"));
  return form;
}
function jobTable(list) {
  return table("Jobs", ["Job", "Kind", "State", "#Attempts", "Created", "Worker", "Error"], list.map((job) => [
    link("jobs/" + job.id, job.id), job.kind ?? "–", stateWord(job.state), `${job.attempts}/${job.max_attempts}`, instant(job.created_at),
    job.worker ?? "–", (job.error?.message ?? "").slice(0, 120)]));
}
const next = (path, parameters, cursor) => {
  const query = new URLSearchParams(parameters);
  query.set("cursor", cursor);
  return cursor ? h("p", null, link(`${path}?${query}`, "Next page")) : null;
};
async function jobs(parameters, id) {
  if (id) return job(id);
  const page = await get(`${api}/jobs?${parameters}`);
  const bulk = (text, verb, wanted, danger) => {
    const fitting = page.jobs.filter((job) => wanted.includes(job.state));
    return fitting.length ? action(`${text} the ${fitting.length} shown`, async () => {
      for (const job of fitting) await call(verb === "delete" ? "DELETE" : "POST", `${api}/jobs/${job.id}${verb === "delete" ? "" : "/" + verb}`);
    }, { danger, confirm: `${text} these ${fitting.length} jobs?` }) : null;
  };
  return [
    h("h1", null, "Jobs"), filterForm([["queue"], ["state", states], ["kind"]], parameters, "jobs"),
    h("div", { class: "row" }, bulk("Cancel", "cancel", ["ready", "scheduled", "retrying"], true), bulk("Run again", "retry", ["dead", "cancelled"]),
      bulk("Delete", "delete", ["succeeded", "cancelled", "dead"], true)),
    jobTable(page.jobs),
    page.unadopted ? h("p", { class: "faint" }, `${page.unadopted} elements that were pushed by hand wait for their first claim.`) : null,
    next("jobs", parameters, page.next_cursor),
  ];
}
async function job(id) {
  const job = await get(`${api}/jobs/${id}`);
  const prefix = `wc:{${job.queue}}:job:${job.id}`;
  const steps = [["created", job.created_at], [`claimed by ${job.worker ?? "a worker"} (delivery ${job.deliveries})`, job.started_at], [job.state, job.finished_at]];
  return [
    h("h1", null, "Job ", h("code", null, job.id)),
    h("div", { class: "row" },
      job.done ? null : action("Cancel", () => call("POST", job.links.cancel), { danger: true, confirm: "Cancel this job?" }),
      job.links.retry ? action("Run again", () => call("POST", job.links.retry)) : null,
      job.done ? action("Delete", async () => { await call("DELETE", job.links.self); location.hash = "#/jobs"; }, { danger: true, confirm: "Delete this job for good?" }) : null),
    h("dl", null, ...[["State", stateWord(job.state)], ["Kind", job.kind ?? "–"], ["Queue", link("jobs?queue=" + job.queue, job.queue)],
      ["Attempts", `${job.attempts} of ${job.max_attempts}`], ["Deliveries", job.deliveries], ["Priority", job.priority], ["Worker", job.worker ?? "–"]]
      .flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value)])),
    h("h2", null, "Timeline"),
    h("ol", { class: "timeline" }, steps.filter(([, at]) => at).map(([what, at]) => h("li", null, what, " ", h("span", { class: "faint" }, instant(at))))),
    job.progress ? [h("h2", null, "Progress"), json(job.progress)] : null,
    job.result !== undefined ? [h("h2", null, "Result"), json(job.result)] : null,
    job.error ? [h("h2", null, "Error"), json(job.error)] : null,
    h("h2", null, "At a shell"),
    json(`curl -s ${location.origin}${job.links.self}\nredis-cli HGETALL '${prefix}'`),
  ].flat();
}
async function dead(parameters) {
  const filter = Object.fromEntries([...parameters].filter(([name]) => !["cursor", "limit"].includes(name)));
  const [{ groups }, page] = await Promise.all([
    get(`${api}/dead?${new URLSearchParams({ ...filter, group_by: "error" })}`), get(`${api}/dead?${parameters}`)]);
  const act = (text, verb, danger) => action(text + " all that fit", async () => {
    const trial = await call("POST", `${api}/dead/${verb}`, { filter, dry_run: true });
    if (confirm(`${text} ${trial.matched}${trial.complete ? "" : " or more"} jobs?`)) {
      const done = await call("POST", `${api}/dead/${verb}`, { filter });
      if (done.skipped.length) tell(`${done.skipped.length} were left: ${done.skipped[0].reason}`);
    }
  }, { danger });
  return [
    h("h1", null, "Dead letters"),
    filterForm([["queue"], ["kind"], ["reason", ["exhausted", "permanent", "timeout", "poison", "undecodable", "unknown_kind", "plaintext_refused"]], ["error"]], parameters, "dead"),
    h("div", { class: "row" }, page.jobs.length ? [act("Run again", "requeue"), act("Delete", "purge", true)] : null),
    h("h2", null, "By error"),
    table("Dead letters by error", ["#Count", "Queue", "Kind", "Reason", "Error", "Last"], groups.map((group) => [
      number(group.count), group.queue, group.kind ?? "–", group.reason ?? "–",
      group.error ? link(`dead?${new URLSearchParams({ ...filter, error: group.error })}`, group.error) : "–", instant(group.last_at)])),
    h("h2", null, "Letters"), jobTable(page.jobs), next("dead", parameters, page.next_cursor),
  ];
}
async function workers() {
  const { workers } = await get(api + "/workers");
  return [h("h1", null, "Workers"), table("Workers", ["Worker", "State", "Host", "Queues", "#Busy", "#Memory", "Version", "Last beat", ""], workers.map((worker) => [
    h("code", null, worker.id), stateWord(worker.state), worker.host ?? "–", worker.queues.join(", ") || "–", worker.slots === null ? "–" : `${worker.busy}/${worker.slots}`,
    bytes(worker.rss_bytes), worker.version ?? "–", instant(worker.last_beat_at),
    worker.state === "running" ? action("Quiet", () => call("POST", worker.links.quiet), { confirm: "Let this worker claim nothing more?" }) : ""]))];
}
function submit() {
  const kind = h("input", { name: "kind", required: true, value: "proof.inclusion", size: 24 });
  const payload = h("textarea", { name: "payload", spellcheck: "false" }, '{"leaves":["1","2","3"],"index":1}');
  return [h("h1", null, "Submit a job"), h("form", { onsubmit: async (event) => {
    event.preventDefault();
    try {
      const job = await call("POST", api + "/jobs", { kind: kind.value, payload: JSON.parse(payload.value) });
      location.hash = "#/jobs/" + job.id;
    } catch (error) { tell(error); }
  } }, h("label", null, "Kind", kind), h("label", null, "Payload (JSON)", payload), h("p", null, h("button", null, "Submit")))];
}
function prove() {
  const content = h("input", { value: "1", inputmode: "numeric" });
  const salt = h("input", { value: String(crypto.getRandomValues(new Uint32Array(1))[0]) });
  const personal = h("input", { type: "checkbox" });
  const out = h("div", { "aria-live": "polite" });
  const step = (text, more) => out.append(h("p", null, text), ...(more === undefined ? [] : [json(more)]));
  return [
    h("h1", null, "Prove and verify"),
    h("p", null, "Proves in zero knowledge that an agent may (not) use a memory whose content and salt stay private; then has the proof verified by another job."),
    h("form", { class: "row", onsubmit: async (event) => {
      event.preventDefault();
      out.replaceChildren();
      try {
        step("Proving …");
        const made = await call("POST", api + "/jobs", { kind: "proof.policy", payload: { witness: { content: content.value, salt: salt.value }, flags: { finance: false, health: false, personal: personal.checked } } }, { Prefer: "wait=30" });
        if (!made.result) return step(`The job is ${made.state}.`, made.error ?? made);
        step(`Proved by ${made.worker}: allowed is ${made.result.allowed}.`, made.result);
        step("Verifying …");
        const checked = await call("POST", api + "/jobs", { kind: "proof.verify", payload: { circuit: made.result.circuit, proof: made.result.proof, public_signals: made.result.public_signals } }, { Prefer: "wait=30" });
        out.append(h("p", { class: checked.result?.valid ? "good" : "bad" }, checked.result?.valid ? "The proof is valid." : "The proof does not hold."), json(checked.result ?? checked.error ?? checked));
      } catch (error) { tell(error); }
    } }, h("label", null, "Content (a number)", content), h("label", null, "Salt (a number)", salt), h("label", null, "Personal", personal), h("button", null, "Prove")),
    out,
  ];
}

// What is shown, and when it is shown anew.
let shown = 0;
let held = "";
const still = ["submit", "prove"];
const route = () => {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  return { name, id: rest.join("/") || undefined, parameters: new URLSearchParams(query ?? "") };
};
async function show() {
  const turn = ++shown;
  const { name, id, parameters } = route();
  const page = pages.find(([path]) => path === name) ?? pages[0];
  document.title = `${page[1]} – WhisperCache`;
  document.getElementById("pages").replaceChildren(...pages.map(([path, title]) =>
    h("a", { href: "#/" + path, "aria-current": path === page[0] ? "page" : null }, title)));
  try {
    const content = [await page[2](parameters, id)].flat(2).filter(Boolean);
    if (turn !== shown) return;
    const hadFocus = main.contains(document.activeElement) && location.hash === held;
    if (hadFocus && ["INPUT", "SELECT", "TEXTAREA", "BUTTON"].includes(document.activeElement.tagName) && !document.activeElement.disabled) return;
    main.replaceChildren(...content);
    if (location.hash !== held && held !== "") main.focus();
    held = location.hash || "#/";
  } catch (error) {
    if (turn === shown) main.replaceChildren(h("h1", null, page[1]), h("p", { class: "bad" }, String(error.message ?? error)), action("Try again", async () => {}));
  }
}
let due;
function refresh(after = 0) {
  if (due !== undefined) return;
  due = setTimeout(() => { due = undefined; if (!document.hidden) show(); }, after);
}
addEventListener("hashchange", () => { held = held || "#/"; show(); });
document.addEventListener("visibilitychange", () => refresh());

// One stream of changes; while it is broken, a look every five seconds.
async function follow() {
  const status = document.getElementById("link");
  for (;;) {
    try {
      const response = await fetch(api + "/events", { headers: token ? { Authorization: "Bearer " + token } : {} });
      if (!response.ok) throw new Error(response.statusText);
      status.textContent = "● live";
      const reader = response.body.getReader();
      for (;;) {
        const { done } = await reader.read();
        if (done) break;
        // A change is a hint; lists are read anew, at most twice a second, but not what somebody is writing.
        if (!still.includes(route().name)) refresh(500);
      }
    } catch { /* told below */ }
    status.textContent = "○ polling";
    await new Promise((resolve) => setTimeout(resolve, 5000));
    if (!still.includes(route().name)) refresh();
  }
}
setInterval(() => { if (!still.includes(route().name)) refresh(); }, 15000);
show().then(follow);
