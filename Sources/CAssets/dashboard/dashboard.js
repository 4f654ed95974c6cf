// The dashboard: reads the API that everyone else reads, and shows it. Everything that comes from a job is set as text, never as
// markup.
const api = "/api/v1";
const main = document.getElementById("main");
const states = ["ready", "running", "retrying", "scheduled", "dead", "succeeded", "cancelled"];
const reasons = ["exhausted", "permanent", "timeout", "poison", "undecodable", "unknown_kind", "plaintext_refused"];
// Path, title, what makes the page, the scope without which it is left out.
const pages = [
  ["", "Overview", overview], ["queues", "Queues", queues], ["jobs", "Jobs", jobs], ["dead", "Dead letters", dead],
  ["schedules", "Schedules", schedules], ["workers", "Workers", workers], ["submit", "Submit", submit, "jobs:write"], ["prove", "Prove", prove, "jobs:write"],
];

// Elements. h("td", {class: "x", onclick: f}, "text", otherElement); a handler is a property, so that `renew` can pass it on.
const drawn = ["svg", "path", "line", "text", "title", "desc"];
const handlers = ["onclick", "onsubmit", "onchange", "oncancel", "onclose"];
function h(name, attributes, ...children) {
  const element = drawn.includes(name)
    ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
  // Attributes may be left out.
  if (attributes?.constructor !== Object) children.unshift(attributes);
  else for (const [key, value] of Object.entries(attributes)) {
    if (handlers.includes(key)) element[key] = value;
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// Makes `old` look like `fresh` and keeps the elements that stay: focus, selection, scroll and what somebody writes live on.
function renew(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const handler of handlers) old[handler] = fresh[handler];
  renewChildren(old, [...fresh.childNodes]);
}
function renewChildren(parent, fresh) {
  const known = new Map([...parent.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  let at = parent.firstChild;
  for (const child of fresh) {
    const key = child.dataset?.key;
    const same = key ? known.get(key) : at && !at.dataset?.key && at.nodeName === child.nodeName ? at : undefined;
    if (!same) {
      if (key && known.size) child.classList.add("fresh");
      parent.insertBefore(child, at);
    } else {
      if (same === at) at = at.nextSibling;
      else parent.moveBefore ? parent.moveBefore(same, at) : parent.insertBefore(same, at);
      renew(same, child);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

// Words.
// A query: the API knows no "+" for a space.
const query = (pairs) => new URLSearchParams(pairs).toString().replaceAll("+", "%20");
const link = (path, text) => h("a", { href: "#/" + path }, text);
const stateWord = (state) => h("span", { class: "state " + state }, state);
const number = (value) => value === null || value === undefined ? "–" : Number(value).toLocaleString("en");
const clock = (date) => date.toTimeString().slice(0, 8);
function instant(text) {
  if (!text) return "–";
  const date = new Date(text);
  const day = date.toDateString() === new Date().toDateString() ? "" : date.toLocaleDateString("en-CA") + " ";
  return h("time", { datetime: text, title: text }, day + clock(date));
}
function age(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return Math.round(seconds * 1000) + " ms";
  if (seconds < 120) return seconds.toFixed(1) + " s";
  return seconds < 7200 ? Math.round(seconds / 60) + " min" : (seconds / 3600).toFixed(1) + " h";
}
const between = (from, to) => from && to ? age((new Date(to) - new Date(from)) / 1000) : null;
const plural = (count, word) => `${number(count)} ${word}${count === 1 ? "" : "s"}`;

// Parts of pages. The first cell names its row; a head with # is of numbers; a row may be [key, cells].
function table(caption, heads, rows, none = "None.") {
  const cell = (text, index) => h(index ? "td" : "th",
    { class: heads[index].startsWith("#") ? "number" : null, scope: index ? null : "row" }, text);
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    h("table", { "aria-label": caption },
      h("thead", h("tr", heads.map((head) =>
        h(head ? "th" : "td", { scope: head ? "col" : null, class: head.startsWith("#") ? "number" : null }, head.replace("#", ""))))),
      h("tbody", rows.length ? rows.map(([key, ...cells]) => h("tr", { "data-key": key }, cells.map(cell)))
        : h("tr", h("td", { colspan: heads.length, class: "faint" }, none)))));
}
function facts(pairs) {
  return h("dl", { class: "card" }, pairs.filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => [h("dt", name), h("dd", value)]));
}
// Text that can be copied; of a very long one the beginning is shown and all is copied.
function copied(text, what) {
  const shown = text.length > 20000 ? text.slice(0, 20000) + `\n… ${number(text.length - 20000)} characters more; Copy takes all.` : text;
  return h("div", { class: "copied" }, h("pre", { tabindex: "0", "aria-label": what }, shown),
    h("button", { type: "button", "aria-label": "Copy " + what, onclick: async () => {
      try {
        await navigator.clipboard.writeText(text);
        tell(`Copied the ${what}.`);
      } catch {
        tell("This browser lets pages without https copy nothing; select the text instead.", true);
      }
    } }, "Copy"));
}
const json = (value, what) => copied(typeof value === "string" ? value : JSON.stringify(value, null, 2), what);
function tell(message, isError = false) {
  const box = h("div", { class: isError ? "error" : null }, String(message?.message ?? message));
  document.getElementById("notices").append(box);
  setTimeout(() => box.remove(), isError ? 12000 : 5000);
}
// Asks in a dialog; the answer is what `read` makes of the form, or null when it is left by Escape or Cancel.
function ask(title, content, { yes, danger, read = () => true }) {
  return new Promise((resolve) => {
    let answer = null;
    const dialog = h("dialog", { "aria-label": title, onclose: () => { dialog.remove(); resolve(answer); } },
      h("form", { method: "dialog", onsubmit: (event) => { event.preventDefault(); answer = read(dialog); dialog.close(); } },
        h("h2", title), content,
        h("div", { class: "row" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"),
          h("button", { class: danger ? "first danger" : "first" }, yes))));
    document.body.append(dialog);
    dialog.showModal();
  });
}

// Calls. A 401 asks for a token, again until one is taken or the dialog is left; errors are told as the API tells them.
let token = sessionStorage.getItem("token") ?? "";
let session = { scopes: [] };
let asking = null;
const bearer = () => token ? { Authorization: "Bearer " + token } : {};
async function call(method, path, body, headers) {
  for (;;) {
    const sent = token;
    const response = await fetch(path, {
      method, body: body === undefined ? undefined : JSON.stringify(body),
      headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...bearer(), ...headers },
    });
    const text = await response.text();
    let value = null;
    try { value = text ? JSON.parse(text) : null; } catch { value = { title: "The answer is no JSON" }; }
    if (response.status === 401 && (token !== sent || await askForToken(sent ? value?.detail ?? "It was not accepted." : ""))) continue;
    if (response.ok) return value;
    const details = (value?.errors ?? []).map((error) => `${error.pointer} ${error.detail}`).join("; ");
    throw new Error([value?.title ?? response.statusText, value?.detail, details].filter(Boolean).join(" – "));
  }
}
const get = (path) => call("GET", path);
const post = (path, body = {}) => call("POST", path, body);
function askForToken(refusal) {
  // One dialog for all calls that wait for it.
  asking ??= ask("This API wants a token", [
    refusal ? h("p", { class: "bad", role: "alert" }, "That token was refused: " + refusal) : null,
    h("label", "API key or token", h("input", { name: "token", type: "password", autocomplete: "off", required: true })),
    h("p", { class: "faint" }, "It is kept in this tab until the tab is closed."),
  ], { yes: "Go on", read: (dialog) => dialog.querySelector("input").value.trim() }).then((given) => {
    asking = null;
    if (given) setToken(given);
    return Boolean(given);
  });
  return asking;
}
function setToken(text) {
  token = text;
  sessionStorage.setItem("token", text);
}
const isReadOnly = new URLSearchParams(location.search).has("readonly");
const may = (scope) => !isReadOnly && (session.scopes.includes(scope) || session.scopes.includes("admin"));
async function enter() {
  session = await get(api + "/session");
  const canWrite = may("jobs:write") || may("admin");
  document.getElementById("caller").replaceChildren(...[
    canWrite ? null : h("span", { class: "warn" }, "read only"), session.owner ? ` ${session.owner} ` : null,
    token ? h("button", { type: "button", onclick: () => { setToken(""); location.reload(); } }, "Sign out") : null].filter(Boolean));
}

// A button that does something, says so when it fails, and shows the page anew; absent for who may not.
function action(text, scope, work, { danger, title } = {}) {
  if (!may(scope)) return null;
  return h("button", { type: "button", class: danger ? "danger" : null, title, onclick: async (event) => {
    const button = event.currentTarget;
    button.disabled = true;
    try { await work(); } catch (error) { tell(error, true); }
    button.disabled = false;
    button.focus();
    refresh();
  } }, text);
}

// Charts: a line a series over the minutes of the last hour. `value` may give null where there is nothing to show.
function chart(title, history, series, unit = number) {
  const values = series.map(([, , value]) => history.map(value));
  const most = Math.max(...values.flat().map((value) => value ?? 0));
  const top = roundUp(Math.max(most, unit === number ? 2 : .002));
  const x = (index) => 46 + index / Math.max(1, history.length - 1) * 584;
  const y = (value) => 132 - value / top * 118;
  // "h3h-3" makes a dot of a minute that stands alone.
  const path = (list) => list.map((value, index) => value === null ? ""
    : `${index && list[index - 1] !== null ? "L" : "M"}${x(index).toFixed(1)},${y(value).toFixed(1)}${list[index - 1] === null ? "h3h-3" : ""}`).join("");
  const label = (at, anchor) => h("text", { x: x(at), y: 150, "text-anchor": anchor }, history[at] ? clock(new Date(history[at].at)).slice(0, 5) : "");
  const told = series.map(([, name], index) => {
    const list = values[index].filter((value) => value !== null);
    return `${name}: ${list.length ? `now ${unit(list.at(-1))}, at most ${unit(Math.max(...list))}` : "nothing yet"}`;
  }).join("; ");
  return h("figure", null,
    h("figcaption", h("b", title), series.map(([kind, name]) =>
      h("span", h("svg", { viewBox: "0 0 26 12", "aria-hidden": "true" }, h("path", { class: kind, d: "M0,6H26" })), name))),
    h("svg", { viewBox: "0 0 640 156", role: "img", "aria-label": `${title}, by minutes of the last hour. ${told}.` },
      [0, top / 2, top].map((value) => [
        h("line", { x1: 46, x2: 630, y1: y(value), y2: y(value) }),
        h("text", { x: 40, y: y(value) + 4, "text-anchor": "end" }, unit(value))]),
      label(0, "start"), label(Math.floor(history.length / 2), "middle"), label(history.length - 1, "end"),
      series.map(([kind], index) => h("path", { class: kind, d: path(values[index]) }))));
}
function roundUp(value) {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 6, 8, 10].map((step) => step * unit).find((step) => step >= value);
}

// Pages.
async function overview() {
  const [stats, { workers }] = await Promise.all([get(api + "/stats"), get(api + "/workers")]);
  const sum = (name) => stats.queues.reduce((total, queue) => total + queue.counts[name], 0);
  const oldest = stats.queues.map((queue) => queue.oldest_age_seconds).filter((value) => value !== null);
  const tile = (name, value, path, tone) => h(path ? "a" : "div", { class: "tile", href: path && "#/" + path },
    h("span", name), h("b", { class: tone }, value));
  const alive = workers.filter((worker) => worker.state !== "lost");
  return [
    h("h1", "Overview"),
    h("div", { class: "tiles" },
      tile("Ready", number(sum("ready")), "jobs?state=ready"), tile("Running", number(sum("running")), "jobs?state=running"),
      tile("Retrying", number(sum("retrying")), "jobs?state=retrying"), tile("Scheduled", number(sum("scheduled")), "jobs?state=scheduled"),
      tile("Dead", number(sum("dead")), "dead", sum("dead") ? "bad" : null), tile("Oldest waiting", oldest.length ? age(Math.max(...oldest)) : "–"),
      tile("Workers", number(alive.length), "workers", alive.length ? null : "bad"),
      tile("Busy slots", `${sumOf(alive, "busy")} of ${sumOf(alive, "slots")}`, "workers")),
    h("div", { class: "columns" },
      chart("Jobs a minute", stats.history, [["in", "put in", (minute) => minute.enqueued], ["out", "succeeded", (minute) => minute.succeeded],
        ["ill", "failed attempts", (minute) => minute.failed + minute.dead]]),
      chart("Mean wait for a worker", stats.history, [["in", "wait", (minute) => minute.wait_seconds ?? null]], age)),
    h("h2", "Queues"), queueTable(stats.queues),
  ];
}
const sumOf = (list, name) => list.reduce((total, item) => total + (item[name] ?? 0), 0);
function queueTable(list) {
  return table("Queues", ["Queue", "#Ready", "#Running", "#Retrying", "#Scheduled", "#Dead", "#Done", "#Oldest", "State", ""], list.map((queue) => [
    queue.name, link("jobs?queue=" + queue.name, queue.name),
    ...["ready", "running", "retrying", "scheduled", "dead", "done"].map((state) => number(queue.counts[state])),
    age(queue.oldest_age_seconds),
    queue.paused ? h("bdi", { class: "paused" }, "paused" + (queue.paused_reason ? ": " + queue.paused_reason : "")) : "active",
    queue.paused ? action("Resume", "admin", () => post(`${api}/queues/${queue.name}/resume`)) : action("Pause", "admin", () => pause(queue.name)),
  ]));
}
async function pause(name) {
  const reason = await ask(`Pause ${name}?`, [
    h("p", "Workers claim nothing more of this queue; what runs goes on, and jobs can still be put in."),
    h("label", "Reason, for others to read", h("input", { name: "reason", value: "from the dashboard", maxlength: 200, required: true })),
  ], { yes: "Pause", read: (dialog) => dialog.querySelector("input").value });
  if (reason) await post(`${api}/queues/${name}/pause`, { reason });
}
async function queues() {
  return [h("h1", "Queues"), queueTable((await get(api + "/queues")).queues)];
}
function filterForm(fields, parameters, path) {
  return h("form", { class: "row", onsubmit: (event) => {
    event.preventDefault();
    location.hash = `#/${path}?${query([...new FormData(event.currentTarget)].filter(([, value]) => value))}`;
  } }, fields.map(([name, choices]) => h("label", name, choices
    ? h("select", { name }, h("option", { value: "" }, "all"), choices.map((choice) => h("option", { value: choice, selected: parameters.get(name) === choice }, choice)))
    : h("input", { name, value: parameters.get(name) ?? "", size: 16 }))),
  // What else the address says stays.
  [...parameters].filter(([name]) => name !== "cursor" && !fields.some(([field]) => field === name)).map(([name, value]) => h("input", { type: "hidden", name, value })),
  h("button", "Show"),
  [...parameters.keys()].length ? h("a", { href: "#/" + path }, "Show all") : null);
}
function jobTable(list) {
  return table("Jobs", ["Job", "Kind", "State", "#Attempts", "Created", "Worker", "Error"], list.map((job) => [
    job.id, link("jobs/" + job.id, h("code", job.id)), job.kind ?? "–", stateWord(job.state), `${job.attempts} of ${job.max_attempts}`,
    instant(job.created_at), job.worker ?? "–", h("bdi", (job.error?.message ?? "").slice(0, 160))]), "No job fits.");
}
const next = (path, parameters, cursor) =>
  cursor ? h("p", link(`${path}?${query({ ...Object.fromEntries(parameters), cursor })}`, "Next page")) : null;
async function jobs(parameters, id) {
  if (id) return job(id);
  const page = await get(`${api}/jobs?${query(parameters)}`);
  const tab = (state, text) => {
    const others = [...parameters].filter(([name]) => !["cursor", "state"].includes(name));
    return h("li", h("a", { href: `#/jobs?${query(state ? [...others, ["state", state]] : others)}`, "aria-current": (parameters.get("state") ?? "") === state ? "true" : null }, text));
  };
  const bulk = (text, verb, wanted, danger) => {
    const fitting = page.jobs.filter((job) => wanted.includes(job.state));
    return fitting.length ? action(`${text} the ${number(fitting.length)} shown`, "jobs:write", async () => {
      if (!await ask(`${text} ${plural(fitting.length, "job")}?`, h("p", "Exactly those that this page shows."), { yes: text, danger })) return;
      let refused = 0;
      let why;
      for (const job of fitting) {
        try { await (verb ? post(`${api}/jobs/${job.id}/${verb}`) : call("DELETE", `${api}/jobs/${job.id}`)); } catch (error) { refused++; why = error; }
      }
      tell(refused ? `${plural(refused, "job")} of ${fitting.length} refused: ${why.message}` : `Done: ${plural(fitting.length, "job")}.`, refused > 0);
    }, { danger }) : null;
  };
  return [
    h("h1", "Jobs"),
    h("ul", { class: "tabs", "aria-label": "States" }, tab("", "all"), states.map((state) => tab(state, state))),
    filterForm([["queue"], ["kind"]], parameters, "jobs"),
    h("div", { class: "row" }, bulk("Cancel", "cancel", ["ready", "scheduled", "retrying"], true), bulk("Run again", "retry", ["dead", "cancelled"]),
      bulk("Delete", "", ["succeeded", "cancelled", "dead"], true)),
    jobTable(page.jobs),
    page.unadopted ? h("p", { class: "faint" }, `${plural(page.unadopted, "element")} pushed by hand wait for their first claim.`) : null,
    next("jobs", parameters, page.next_cursor),
  ];
}

// One job.
async function job(id) {
  const job = await get(`${api}/jobs/${encodeURIComponent(id)}`);
  const payload = job.links.payload ? await get(job.links.payload) : undefined;
  const key = `${session.key_prefix}:{${job.queue}}:job:${job.id}`;
  return [
    h("h1", "Job ", h("code", job.id)),
    h("div", { class: "row" },
      job.links.cancel ? action("Cancel", "jobs:write", async () => {
        if (await ask("Cancel this job?", h("p", "A running job is asked to stop."), { yes: "Cancel the job", danger: true })) await post(job.links.cancel);
      }, { danger: true }) : null,
      job.links.retry ? action(job.done ? "Run again" : "Run now", "jobs:write", () => post(job.links.retry)) : null,
      job.done ? action("Delete", "jobs:write", async () => {
        if (!await ask("Delete this job?", h("p", "Its payload and result go for good."), { yes: "Delete", danger: true })) return;
        await call("DELETE", job.links.self);
        location.hash = "#/jobs";
      }, { danger: true }) : null),
    h("div", { class: "columns" },
      h("section", { "aria-label": "Facts" }, h("h2", "Facts"), facts([
        ["State", stateWord(job.state)], ["Kind", job.kind ?? "not known before a worker reads it"],
        ["Queue", link("jobs?queue=" + job.queue, job.queue)], ["Attempts", `${job.attempts} of ${job.max_attempts}`],
        ["Deliveries", number(job.deliveries)], ["Priority", job.priority], ["Worker", job.worker],
        ["Waited", between(job.created_at, (job.history?.[0] ?? job).started_at)], ["Took", job.done ? between(job.created_at, job.finished_at) : null]])),
      h("section", { "aria-label": "Timeline" }, h("h2", "Timeline"), timeline(job))),
    job.error ? [h("h2", "Error"), facts([["Reason", job.error.reason], ["Message", h("bdi", job.error.message)]])] : null,
    job.progress !== undefined ? [h("h2", "Progress"), json(job.progress, "progress")] : null,
    h("h2", "Payload"), payload !== undefined ? json(payload, "payload") : h("p", { class: "faint" }, sealedNote(job)),
    job.result !== undefined ? [h("h2", "Result"), json(job.result, "result")] : null,
    h("h2", "At a shell"),
    copied(`curl -s ${token ? '-H "Authorization: Bearer $TOKEN" ' : ""}${location.origin}${job.links.self}`, "curl line"),
    copied(`redis-cli HGETALL '${key}'`, "redis-cli line"),
  ];
}
function sealedNote(job) {
  if (job.kind === null) return "It was pushed into the list by hand, and no worker has read it yet.";
  return job.done ? "Not there: the payload of a private kind lies sealed, and was deleted at the end of the job."
    : "Sealed: this kind is private, so its payload lies encrypted in Redis and is shown to the worker alone.";
}
// Put in, each delivery that is over, the present one, the end.
function timeline(job) {
  const line = (what, at, more, said, isNow) => h("li", { class: isNow ? "now" : null }, what, " ", h("span", { class: "faint" }, instant(at), more ? ` · ${more}` : null),
    said ? h("div", { class: "said bad" }, said) : null);
  const past = job.history ?? [];
  const isTold = past.at(-1)?.delivery === job.deliveries;
  return h("ol", { class: "timeline" },
    line("put in", job.created_at, null, null, job.state === "ready" && !job.deliveries || job.state === "scheduled"),
    job.deliveries > past.length + (isTold ? 0 : 1) ? h("li", { class: "faint" }, "earlier deliveries are no longer told") : null,
    past.map((entry) => line([`delivery ${entry.delivery} `, stateWord(entry.outcome)], entry.ended_at ?? entry.started_at,
      [entry.worker && `on ${entry.worker}`, between(entry.started_at, entry.ended_at)].filter(Boolean).join(", "), entry.error)),
    job.started_at && !isTold ? line(`delivery ${job.deliveries} began`, job.started_at, job.worker && `on ${job.worker}`, null, job.state === "running") : null,
    job.finished_at || job.deliveries ? line(stateWord(job.state), job.finished_at, job.finished_at ? `after ${between(job.created_at, job.finished_at)}` : "now", null, job.state !== "running") : null);
}

// Dead letters. What is done is done to exactly what was counted in the question.
async function dead(parameters) {
  const filter = Object.fromEntries([...parameters].filter(([name]) => !["cursor", "limit"].includes(name)));
  const words = Object.entries(filter);
  const [{ groups, complete }, page] = await Promise.all([
    get(`${api}/dead?${query({ ...filter, group_by: "error" })}`), get(`${api}/dead?${query(parameters)}`)]);
  const isAny = page.jobs.length > 0;
  return [
    h("h1", "Dead letters"),
    filterForm([["queue"], ["kind"], ["reason", reasons], ["error"]], parameters, "dead"),
    h("div", { class: "row" }, isAny ? ["requeue", "purge"].map((verb) =>
      deadAction(verb, " all that fit", words, async () => [{ filter }])) : null),
    h("h2", "By error"),
    table("Dead letters by error", ["Error", "#Count", "Queue", "Kind", "Reason", "First", "Last", ""], groups.map((group) => [
      JSON.stringify([group.queue, group.kind, group.reason, group.error]),
      h("bdi", group.error ? link(`dead?${query({ ...filter, queue: group.queue, error: group.error })}`, group.error) : "–"),
      number(group.count), group.queue, group.kind ?? "–", group.reason ?? "–", instant(group.first_at), instant(group.last_at),
      h("div", { class: "row" }, ["requeue", "purge"].map((verb) =>
        deadAction(verb, "", [["queue", group.queue], ["kind", group.kind ?? "–"], ["reason", group.reason ?? "–"], ["error", group.error]], () => lettersOf(group, filter))))]),
    "Nothing has died."),
    complete ? null : h("p", { class: "faint" }, "Only the latest letters are counted here."),
    h("h2", "Letters"), jobTable(page.jobs), next("dead", parameters, page.next_cursor),
  ];
}
const deadWords = { requeue: ["Run again", "Run"], purge: ["Delete", "Delete"] };
function deadAction(verb, which, words, selections) {
  const isPurge = verb === "purge";
  return action(deadWords[verb][0] + which, "admin", async () => {
    const chosen = await selections();
    let matched = 0;
    let isMore = false;
    for (const selection of chosen) {
      const trial = await post(`${api}/dead/${verb}`, { ...selection, dry_run: true });
      matched += trial.matched;
      isMore ||= !trial.complete;
    }
    const count = plural(matched, "letter") + (isMore ? " or more" : "");
    const title = isPurge ? `Delete ${count}?` : `Run ${count} again?`;
    if (!await ask(title, [
      h("p", isPurge ? "They go for good, with their payloads." : "Each begins a new life with fresh attempts."),
      words.length ? facts(words) : h("p", "There is no filter: these are all."),
    ], { yes: isPurge ? `Delete ${count}` : `Run ${count}`, danger: isPurge })) return;
    let changed = 0;
    const skipped = [];
    for (const selection of chosen) {
      for (let outcome; !outcome || !outcome.complete && (outcome.requeued ?? outcome.purged) > 0;) {
        outcome = await post(`${api}/dead/${verb}`, selection);
        if (outcome.id) {
          // So many that a job does it.
          location.hash = "#/jobs/" + outcome.id;
          return;
        }
        changed += outcome.requeued ?? outcome.purged;
        skipped.push(...outcome.skipped);
      }
    }
    tell(`${isPurge ? "Deleted" : "Put back"} ${plural(changed, "letter")}.` + (skipped.length ? ` ${number(skipped.length)} were left: ${skipped[0].reason}.` : ""), skipped.length > 0);
  }, { danger: isPurge });
}
// As the API tells groups apart: by the characters that people see.
const firstLine = (text) => [...new Intl.Segmenter().segment(text.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/).find(Boolean) ?? "")]
  .slice(0, 200).map(({ segment }) => segment).join("");
// The ids of a group's letters: `error` of a filter is a text in the message, which may fit letters of other groups too.
async function lettersOf(group, filter) {
  const wanted = { ...filter, queue: group.queue, limit: 500, ...(group.kind ? { kind: group.kind } : {}), ...(group.reason ? { reason: group.reason } : {}) };
  const ids = [];
  for (let cursor = ""; cursor !== null;) {
    const page = await get(`${api}/dead?${query(cursor ? { ...wanted, cursor } : wanted)}`);
    ids.push(...page.jobs.filter((job) => job.kind === group.kind && firstLine(job.error?.message ?? "") === group.error).map((job) => job.id));
    cursor = page.next_cursor;
  }
  const batches = [];
  while (ids.length) batches.push({ ids: ids.splice(0, 1000) });
  return batches;
}

// Schedules.
async function schedules(parameters, name) {
  if (name) return schedule(name);
  const { schedules } = await get(api + "/schedules");
  return [
    h("h1", "Schedules"),
    table("Schedules", ["Schedule", "Times", "Kind", "Next run", "Last run", "#Put in", "#Left out", "State", ""], schedules.map((one) => [
      one.name, link("schedules/" + one.name, one.name), [h("code", one.cron), " ", h("span", { class: "faint" }, one.tz)], one.job.kind,
      one.paused ? "–" : instant(one.next_run_at), lastRun(one), number(one.enqueued), number(one.skipped),
      one.paused ? h("span", { class: "state paused" }, "paused") : "active", h("div", { class: "row" }, scheduleActions(one))]),
    "Nothing goes in by the clock yet."),
    may("admin") ? [h("h2", "Define a schedule"), scheduleForm()] : null,
  ];
}
const lastRun = ({ last_run: run }) => run ? [instant(run.at), " ", run.job ? link("jobs/" + run.job, run.outcome) : run.outcome,
  run.detail ? h("bdi", run.detail) : null] : "–";
const scheduleActions = (one) => [
  action("Run now", "admin", async () => {
    const job = await post(one.links.run);
    tell(`Put in as ${job.id}.`);
  }),
  // Without a job the one that there is stays.
  action(one.paused ? "Resume" : "Pause", "admin", () => call("PUT", one.links.self,
    { cron: one.cron, tz: one.tz, overlap: one.overlap, catch_up: one.catch_up, paused: !one.paused })),
  action("Delete", "admin", async () => {
    if (!await ask(`Delete the schedule ${one.name}?`, h("p", "Jobs that it has put in stay."), { yes: "Delete", danger: true })) return;
    await call("DELETE", one.links.self);
    location.hash = "#/schedules";
  }, { danger: true })];
async function schedule(name) {
  const one = await get(`${api}/schedules/${encodeURIComponent(name)}`);
  return [
    h("h1", "Schedule ", h("code", one.name)), h("div", { class: "row" }, scheduleActions(one)),
    h("div", { class: "columns" },
      h("section", { "aria-label": "Facts" }, h("h2", "Facts"), facts([
        ["Times", h("code", one.cron)], ["Time zone", one.tz], ["State", one.paused ? h("span", { class: "state paused" }, "paused") : "active"],
        ["While the last one runs", one.overlap === "skip" ? "the run is left out" : "a second one goes in"],
        ["Missed runs", one.catch_up ? "each is made up for" : "the last one is made up for"], ["Last run", lastRun(one)],
        ["Put in", number(one.enqueued)], ["Left out", number(one.skipped)], ["Changed", instant(one.updated_at)]])),
      h("section", { "aria-label": "Next runs" }, h("h2", "Next runs"),
        h("ol", { class: "timeline" }, (one.next_runs ?? []).map((at) => h("li", instant(at)))))),
    h("h2", "Job"), json(one.job, "job"), one.sealed ? h("p", { class: "faint" }, "Its payload is private: it lies sealed in Redis and is shown to nobody.") : null,
    h("h2", "At a shell"), copied(`redis-cli HGETALL ${session.key_prefix}:schedule:${one.name}`, "redis-cli line"),
  ];
}
const scheduleForm = () => h("form", { class: "card", onsubmit: async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  const fields = Object.fromEntries(new FormData(form));
  try {
    const one = await call("PUT", `${api}/schedules/${encodeURIComponent(fields.name)}`,
      { cron: fields.cron, tz: fields.tz, overlap: fields.overlap, job: { kind: fields.kind, payload: parsed(fields.payload) } });
    form.reset();
    location.hash = "#/schedules/" + one.name;
  } catch (error) { tell(error, true); }
} }, h("div", { class: "row" },
  h("label", "Name", h("input", { name: "name", required: true, size: 14 })),
  h("label", "Times (cron, or @every 90s)", h("input", { name: "cron", required: true, value: "30 2 * * *", size: 18 })),
  h("label", "Time zone", h("input", { name: "tz", required: true, value: Intl.DateTimeFormat().resolvedOptions().timeZone, size: 16 })),
  h("label", "While the last one runs", h("select", { name: "overlap" }, h("option", { value: "skip" }, "leave out"), h("option", { value: "allow" }, "put in"))),
  h("label", "Kind", h("input", { name: "kind", required: true, value: "proof.inclusion", size: 18 }))),
h("label", "Payload (JSON)", h("textarea", { name: "payload", class: "small", spellcheck: "false", required: true }, '{"leaves":["1","2"],"index":0}')),
h("p", h("button", { class: "first" }, "Define")));

// Workers.
async function workers(parameters, id) {
  if (id) return worker(id);
  const { workers } = await get(api + "/workers");
  return [h("h1", "Workers"), table("Workers", ["Worker", "State", "Host", "Queues", "#Busy", "#Memory", "Version", "Last beat", ""], workers.map((worker) => [
    worker.id, link("workers/" + worker.id, h("code", worker.id)), stateWord(worker.state), worker.host ?? "–", worker.queues.join(", ") || "–",
    worker.slots === null ? "–" : `${worker.busy} of ${worker.slots}`, memory(worker.rss_bytes), worker.version ?? "–",
    instant(worker.last_beat_at), quiet(worker)]), "No worker is alive: nothing runs until one starts.")];
}
const memory = (count) => count ? (count / 1048576).toFixed(0) + " MiB" : "–";
const quiet = (worker) => worker.state === "running" ? action("Quiet", "admin", async () => {
  if (await ask("Quiet this worker?", h("p", "It claims nothing more and finishes what it runs. Only a restart makes it claim again."), { yes: "Quiet" })) {
    await post(worker.links.quiet);
    tell("Asked; it stops claiming within five seconds.");
  }
}) : null;
async function worker(id) {
  const worker = await get(`${api}/workers/${encodeURIComponent(id)}`);
  return [
    h("h1", "Worker ", h("code", worker.id)), h("div", { class: "row" }, quiet(worker)),
    facts([["State", stateWord(worker.state)], ["Host", worker.host], ["Process", worker.pid], ["Version", worker.version], ["Queues", worker.queues.join(", ")],
      ["Busy slots", worker.slots === null ? null : `${worker.busy} of ${worker.slots}`], ["Memory", memory(worker.rss_bytes)], ["Last beat", instant(worker.last_beat_at)]]),
    h("h2", "Runs now"), table("Running jobs", ["Job", "Kind", "Since"], worker.running.map((job) => [
      job.id, link("jobs/" + job.id, h("code", job.id)), job.kind ?? "–", instant(job.started_at)]), "Nothing."),
  ];
}

// Submit and prove.
function parsed(text) {
  try { return JSON.parse(text); } catch (error) { throw new Error("The payload is no JSON – " + error.message); }
}
function submit() {
  return [h("h1", "Submit a job"), h("form", { class: "card", onsubmit: async (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget));
    try {
      const job = await post(api + "/jobs", { kind: fields.kind, payload: parsed(fields.payload), priority: fields.priority, ...(fields.delay ? { delay: fields.delay } : {}) });
      location.hash = "#/jobs/" + job.id;
    } catch (error) { tell(error, true); }
  } }, h("div", { class: "row" },
    h("label", "Kind", h("input", { name: "kind", required: true, value: "proof.inclusion", size: 24 })),
    h("label", "Priority", h("select", { name: "priority" }, h("option", "normal"), h("option", "high"))),
    h("label", "Delay (5s, 2m, 1h)", h("input", { name: "delay", size: 10, pattern: "[0-9]+(ms|s|m|h|d)" }))),
  h("label", "Payload (JSON)", h("textarea", { name: "payload", spellcheck: "false", required: true }, '{"leaves":["1","2","3"],"index":1}')),
  h("p", h("button", { class: "first" }, "Submit")))];
}
function prove() {
  const out = h("div", { "aria-live": "polite" });
  const step = (text, value, tone) => out.append(h("p", { class: tone }, text), ...(value === undefined ? [] : [json(value, "answer")]));
  return [
    h("h1", "Prove and verify"),
    h("p", "Proves in zero knowledge that an agent may, or may not, use a memory whose content and salt stay private. Then another job verifies the proof."),
    h("form", { class: "card row", onsubmit: async (event) => {
      event.preventDefault();
      const fields = new FormData(event.currentTarget);
      out.replaceChildren();
      const run = (kind, payload) => call("POST", api + "/jobs", { kind, payload }, { Prefer: "wait=30" });
      try {
        step("Proving …");
        const made = await run("proof.policy", { witness: { content: fields.get("content"), salt: fields.get("salt") },
          flags: { finance: false, health: false, personal: fields.has("personal") } });
        if (!made.result) return step(`The job is ${made.state}.`, made.error ?? made, "bad");
        step(`Proved by ${made.worker} in ${between(made.started_at, made.finished_at)}: allowed is ${made.result.allowed}.`, made.result);
        step("Verifying …");
        const checked = await run("proof.verify", { circuit: made.result.circuit, proof: made.result.proof, public_signals: made.result.public_signals });
        const isValid = checked.result?.valid === true;
        step(isValid ? "The proof is valid." : "The proof does not hold.", checked.result ?? checked.error ?? checked, isValid ? "good" : "bad");
      } catch (error) { tell(error, true); }
    } }, h("label", "Content (a number)", h("input", { name: "content", value: "1", inputmode: "numeric", required: true })),
    h("label", "Salt (a number)", h("input", { name: "salt", value: String(crypto.getRandomValues(new Uint32Array(1))[0]), inputmode: "numeric", required: true })),
    h("label", { class: "check" }, h("input", { name: "personal", type: "checkbox" }), "personal"), h("button", { class: "first" }, "Prove")),
    out,
  ];
}

// What is shown, and when it is shown anew.
let turn = 0;
let held = null;
const banner = document.getElementById("banner");
function route() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  const [name, ...rest] = path.split("/");
  return { name, id: rest.join("/") || undefined, parameters: new URLSearchParams(query ?? "") };
}
const isStill = () => ["submit", "prove"].includes(route().name);
async function show() {
  const mine = ++turn;
  const hash = location.hash;
  const isNew = hash !== held;
  const { name, id, parameters } = route();
  const allowed = pages.filter(([, , , scope]) => !scope || may(scope));
  const page = allowed.find(([path]) => path === name) ?? pages[0];
  document.title = `${page[1]} – WhisperCache`;
  renewChildren(document.getElementById("pages"), allowed.map(([path, title]) =>
    h("a", { href: "#/" + path, "aria-current": path === page[0] ? "page" : null }, title)));
  try {
    const content = [await page[2](parameters, id)].flat(2).filter(Boolean);
    if (mine !== turn) return;
    if (isNew) main.replaceChildren(...content);
    else renewChildren(main, content);
    if (isNew && held !== null) {
      main.focus();
      scrollTo(0, 0);
    }
    held = hash;
    banner.replaceChildren();
  } catch (error) {
    if (mine !== turn) return;
    const said = String(error.message ?? error);
    if (isNew) {
      main.replaceChildren(h("h1", page[1]), h("p", { class: "bad", role: "alert" }, said), h("button", { type: "button", onclick: () => show() }, "Try again"));
    } else {
      banner.textContent = `What you see is no longer fresh: ${said}`;
    }
  }
}
let due;
let isBusy = false;
function refresh(after = 0) {
  due ??= setTimeout(async () => {
    due = undefined;
    if (document.hidden || document.querySelector("dialog")) return;
    if (isBusy) return refresh(500);
    isBusy = true;
    await show();
    isBusy = false;
  }, after);
}
const look = () => { if (!isStill()) refresh(500); };
addEventListener("hashchange", () => show());

// One stream of changes while the tab is seen, as browsers open six connections to a host for all tabs; while it is broken, a look
// every five seconds. The server is heard at least every 15 s.
let stream = null;
const leave = () => stream?.abort();
const seen = () => new Promise((resolve) => document.hidden ? addEventListener("visibilitychange", () => resolve(seen()), { once: true }) : resolve());
async function follow() {
  const status = document.getElementById("link");
  const say = (word, text) => { if (status.className !== word) { status.className = word; status.textContent = text; } };
  for (;;) {
    await seen();
    stream = new AbortController();
    let alarm;
    const listen = () => { clearTimeout(alarm); alarm = setTimeout(leave, 40000); };
    try {
      listen();
      const response = await fetch(api + "/events", { headers: bearer(), signal: stream.signal });
      if (!response.ok) throw new Error(response.statusText);
      if (status.className === "polling") look();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        listen();
        say("live", "live");
        // Anything but a greeting and a heartbeat is a hint that something has changed.
        if (/^event:(?! ?hello)/m.test(value)) look();
      }
    } catch { /* told below */ }
    clearTimeout(alarm);
    if (document.hidden) continue;
    say("polling", "polling every 5 s");
    look();
    await new Promise((resolve) => setTimeout(resolve, 5000));
  }
}
addEventListener("pagehide", leave);
document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); else look(); });
async function start() {
  try {
    await enter();
  } catch (error) {
    banner.textContent = String(error.message ?? error);
  }
  await show();
  follow();
  setInterval(look, 15000);
}
start();
