// The open page's connection: new pieces of page, sound, title. No timer keeps it going: each answer
// starts the next question, so a tab in the background stays awake as long as the browser lets it.

const PATIENCE = 15000; // ms; the server answers within ten seconds
const PAUSE = 2000; // ms between tries while the connection is lost
const STALE = 25000; // ms without an answer: also when the browser slept, or the line hangs

import { beep, notice, showDeaf, startSound, word } from "./sound.js";

const body = document.body;
const baseTitle = document.title;
const state = {
  mark: "", asking: null, hurry: false, first: true, boot: "", lostAt: null, answeredAt: Date.now(),
  unseen: new Set(), second: new Set(), waiting: new Set(), mine: new Set(), heard: new Set(),
};
const listeners = [];

/** Called with every answer of the server. */
export function onNews(listener) { listeners.push(listener); }

/** Ask again now, after this page changed something itself. */
export function hurry() {
  state.hurry = true;
  if (state.asking) state.asking.abort();
}

export function say(words) { document.getElementById("announce").textContent = words; }

export async function follow() {
  document.getElementById("no-script").remove();
  startSound();
  const watch = setInterval(watchful, 5000);
  for (;;) {
    const asking = state.asking = new AbortController();
    const late = setTimeout(() => asking.abort(), PATIENCE);
    try {
      const answer = await fetch(body.dataset.live, {
        headers: { Accept: "application/json", "X-Mark": state.mark },
        cache: "no-store", redirect: "error", signal: asking.signal,
      });
      if (answer.status === 401) { clearInterval(watch); return signedOut(); }
      if (!answer.ok) throw new Error("away");
      apply(await answer.json());
      state.answeredAt = Date.now();
      banner("");
    } catch {
      if (state.hurry) { state.hurry = false; continue; }
      state.mark = ""; // so that the first answer comes at once, and brings everything
      state.lostAt ??= state.answeredAt;
      banner(word("offline"));
      await new Promise((again) => setTimeout(again, PAUSE));
    } finally {
      clearTimeout(late);
    }
  }
}

// Beside the line itself: a browser that slept, or an answer that hangs, is said too.
function watchful() {
  const silent = Date.now() - state.answeredAt;
  if (silent < STALE) return;
  state.lostAt ??= state.answeredAt;
  banner(word("stale", { n: Math.round(silent / 1000) }));
}

function apply(news) {
  state.mark = news.mark;
  catchUp(news);
  for (const [name, html] of Object.entries(news.parts)) {
    const place = document.querySelector(`[data-part="${name}"]`);
    if (place) replaceParts(place, html);
  }
  alarm(news);
  title(news);
  for (const listener of listeners) listener(news);
  state.first = false;
}

// --- pieces of page ------------------------------------------------------------------------------

function replaceParts(place, html) {
  const focused = document.activeElement && document.activeElement.id;
  const inside = place.contains(document.activeElement);
  const atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 60;
  patch(place, new DOMParser().parseFromString(html, "text/html").body);
  if (inside && !place.contains(document.activeElement)) {
    const same = focused && document.getElementById(focused);
    (same || place.querySelector("[tabindex='-1']") || place).focus();
  }
  if (atEnd) place.scrollTop = place.scrollHeight;
}

// Children with the same data-key stay the same elements while they are equal, so that focus and
// what a screen reader has read are not disturbed by what changed beside them.
function patch(old, fresh) {
  const before = new Map();
  for (const child of [...old.children]) before.set(keyOf(child), child);
  let after = null;
  for (const child of [...fresh.children]) {
    const known = before.get(keyOf(child));
    before.delete(keyOf(child));
    const placed = merge(known, child);
    const next = after ? after.nextElementSibling : old.firstElementChild;
    if (next !== placed) old.insertBefore(placed, next);
    after = placed;
  }
  for (const gone of before.values()) gone.remove();
}

function merge(known, fresh) {
  if (!known) return document.importNode(fresh, true);
  if (known.isEqualNode(fresh)) return known;
  if (known.tagName === fresh.tagName && fresh.hasAttribute("data-deep")) {
    known.className = fresh.className;
    patch(known, fresh);
    return known;
  }
  const made = document.importNode(fresh, true);
  known.replaceWith(made);
  return made;
}

function keyOf(element) { return element.dataset.key || element.tagName + (element.id || element.className); }

// --- banner and title ----------------------------------------------------------------------------

function banner(words) {
  const place = document.getElementById("offline");
  if (place.textContent !== words) place.textContent = words;
  const lost = words !== "" && place.hidden;
  place.hidden = words === "";
  if (lost) beep("lost");
}

function signedOut() {
  banner(word("signedOut"));
  const link = document.createElement("a");
  link.href = "/desk/sign-in";
  link.textContent = word("signIn");
  document.getElementById("offline").append(" ", link);
  document.title = `${word("titleOut")} – ${baseTitle}`;
}

function title(news) {
  const waiting = news.waiting.length;
  if (news.second.length) document.title = `(${news.second.length}) ${word("tooLong")} – Vakt`;
  else if (news.urgent) document.title = `(${news.urgent}) ${word("urgent")} – Vakt`;
  else if (waiting) document.title = `(${waiting}) ${word("waits")} – Vakt`;
  else document.title = baseTitle;
}

// --- alarms --------------------------------------------------------------------------------------

const fresh = (ids, known) => ids.filter((id) => !known.has(id));

function alarm(news) {
  const heardNow = news.heard || [];
  const alarms = fresh(news.unseen, state.unseen);
  const late = fresh(news.second, state.second);
  const came = fresh(news.waiting, state.waiting);
  const heard = fresh(heardNow, state.heard);
  remember(news);
  showDeaf(news.on_duty);
  // Both again with every answer, until somebody has taken it.
  if (news.second.length) beep("second");
  else if (news.unseen.length) beep("alarm");
  else if (!state.first && came.length) beep("waiting");
  else if (!state.first && heard.length) beep("message");
  if (news.second.length) notice(word("second"), "second");
  else if (news.unseen.length) notice(word("newAlarm"), "alarm");
  else if (!state.first && came.length) notice(word("newCase"), "waiting");
  if (late.length) say(word("second"));
  else if (alarms.length) say(alarms.length === 1 ? word("newAlarm") : word("newAlarms", { n: alarms.length }));
  else if (!state.first && came.length) say(word("newCase"));
}

function remember(news) {
  state.unseen = new Set(news.unseen);
  state.second = new Set(news.second);
  state.waiting = new Set(news.waiting);
  state.mine = new Set(news.mine);
  state.heard = new Set(news.heard || []);
}

// --- after a lost line or a restart of the service -----------------------------------------------

function catchUp(news) {
  const restarted = state.boot !== "" && news.boot !== state.boot;
  state.boot = news.boot;
  if (state.lostAt === null && !restarted) return;
  const from = clock(state.lostAt ?? state.answeredAt);
  state.lostAt = null;
  const changes = [
    ["alarmsCame", fresh(news.unseen, state.unseen)],
    ["casesCame", fresh(news.waiting, state.waiting)],
    ["answersCame", fresh(news.heard || [], state.heard)],
    ["casesLost", [...state.mine].filter((id) => !news.mine.includes(id))],
  ].filter(([, ids]) => ids.length).map(([key, ids]) => word(key, { n: ids.length }));
  const place = document.getElementById("meanwhile");
  const head = word(restarted ? "restarted" : "meanwhile", { from, to: clock(Date.now()) });
  place.firstElementChild.textContent = `${head} ${changes.join(", ") || word("nothing")}.`;
  const button = place.querySelector("button");
  button.textContent = word("understood");
  button.onclick = () => { place.hidden = true; };
  place.hidden = false;
}

function clock(at) { return new Date(at).toTimeString().slice(0, 5); }
