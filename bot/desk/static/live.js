// The open page's connection: new pieces of page, sound, title. No timer keeps it going: each answer
// starts the next question, so a tab in the background stays awake as long as the browser lets it.

const PATIENCE = 15000; // ms; the server answers within ten seconds
const PAUSE = 2000; // ms between tries while the connection is lost
const OFFLINE = "Mistet forbindelsen – ring-linjen gjelder. Prøver igjen …";
const SIGNED_OUT = "Du er logget ut. Alarmer høres ikke her.";

const body = document.body;
const baseTitle = document.title;
const state = { mark: "", asking: null, hurry: false, first: true, unseen: new Set(), waiting: new Set(), heard: new Set() };
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
  for (;;) {
    const asking = state.asking = new AbortController();
    const late = setTimeout(() => asking.abort(), PATIENCE);
    try {
      const answer = await fetch(body.dataset.live, {
        headers: { Accept: "application/json", "X-Mark": state.mark },
        cache: "no-store", redirect: "error", signal: asking.signal,
      });
      if (answer.status === 401) return signedOut();
      if (!answer.ok) throw new Error("away");
      apply(await answer.json());
      banner("");
    } catch {
      if (state.hurry) { state.hurry = false; continue; }
      state.mark = ""; // so that the first answer comes at once, and brings everything
      banner(OFFLINE);
      await new Promise((again) => setTimeout(again, PAUSE));
    } finally {
      clearTimeout(late);
    }
  }
}

function apply(news) {
  state.mark = news.mark;
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
  banner(SIGNED_OUT);
  const link = document.createElement("a");
  link.href = "/desk/sign-in";
  link.textContent = "Logg inn igjen";
  document.getElementById("offline").append(" ", link);
  document.title = `Logget ut – ${baseTitle}`;
}

function title(news) {
  const waiting = news.waiting.length;
  if (news.urgent) document.title = `(${news.urgent}) Hastesak – Vakt`;
  else if (waiting) document.title = `(${waiting}) Venter – Vakt`;
  else document.title = baseTitle;
}

// --- sound ---------------------------------------------------------------------------------------

const sound = { context: null, on: false };

function alarm(news) {
  const fresh = news.unseen.filter((id) => !state.unseen.has(id));
  const came = news.waiting.filter((id) => !state.waiting.has(id));
  const heard = (news.heard || []).filter((id) => !state.heard.has(id));
  state.unseen = new Set(news.unseen);
  state.waiting = new Set(news.waiting);
  state.heard = new Set(news.heard || []);
  if (news.unseen.length) beep("alarm"); // again with every answer until somebody has seen it
  else if (!state.first && came.length) beep("waiting");
  else if (!state.first && heard.length) beep("message");
  if (fresh.length) say(fresh.length === 1 ? "Ny alarm." : `${fresh.length} nye alarmer.`);
  else if (!state.first && came.length) say("Ny sak i køen.");
}

const TONES = { // frequency in Hz, start and length in seconds
  alarm: [[880, 0, .18], [660, .22, .18], [880, .44, .18], [660, .66, .18]],
  waiting: [[520, 0, .15], [660, .2, .2]],
  message: [[520, 0, .1]],
  lost: [[330, 0, .3], [220, .35, .4]],
  test: [[660, 0, .12]],
};

function beep(kind) {
  if (!sound.on) return;
  body.dataset.sounded = `${kind} ${Date.now()}`;
  for (const [pitch, start, length] of TONES[kind]) {
    const at = sound.context.currentTime + start;
    const tone = sound.context.createOscillator();
    const volume = sound.context.createGain();
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(kind === "alarm" ? 0.5 : 0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
    tone.connect(volume).connect(sound.context.destination);
    tone.start(at);
    tone.stop(at + length + 0.02);
  }
}

function startSound() {
  const button = document.getElementById("sound");
  if (!window.AudioContext) return;
  button.hidden = false;
  sound.context = new AudioContext();
  sound.context.addEventListener("statechange", () => {
    if (sound.context.state !== "running") showSound(false);
  });
  // A browser lets it sound without a click when one came here from our own page.
  showSound(sound.context.state === "running");
  button.addEventListener("click", async () => {
    if (sound.on) { showSound(false); return; }
    await sound.context.resume();
    showSound(true);
    beep("test");
  });
}

function showSound(on) {
  const button = document.getElementById("sound");
  sound.on = on;
  button.className = on ? "sound on" : "sound off";
  button.textContent = on ? "Lyd på. Slå av" : "Lyd av. Slå på lyd";
}
