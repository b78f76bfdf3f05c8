// What is heard and what the browser shows beside the page: tones, notifications, the red bar of a
// desk that makes no sound. Notifications say that something waits, never what or who.

const body = document.body;
const said = document.getElementById("words");

/** The words of the page in the counsellor's language; `{n}` is filled in. */
export function word(key, values = {}) {
  return (said.dataset[key] || "").replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

const TONES = { // frequency in Hz, start and length in seconds
  alarm: [[880, 0, .18], [660, .22, .18], [880, .44, .18], [660, .66, .18]],
  second: [[988, 0, .1], [988, .15, .1], [988, .3, .1], [494, .5, .5], [988, 1.1, .1], [988, 1.25, .1], [988, 1.4, .1], [494, 1.6, .5]],
  waiting: [[520, 0, .15], [660, .2, .2]],
  message: [[520, 0, .1]],
  lost: [[330, 0, .3], [220, .35, .4]],
  test: [[660, 0, .12]],
};
const LOUD = { alarm: 0.5, second: 0.6 };

const sound = { context: null, on: false };
let onDuty = false;

/** True when this page can be heard. */
export function audible() { return sound.on && sound.context.state === "running"; }

export function beep(kind) {
  if (!audible()) return;
  body.dataset.sounded = `${kind} ${Date.now()}`;
  for (const [pitch, start, length] of TONES[kind]) {
    const at = sound.context.currentTime + start;
    const tone = sound.context.createOscillator();
    const volume = sound.context.createGain();
    tone.type = kind === "second" ? "square" : "sine";
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(LOUD[kind] || 0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + length);
    tone.connect(volume).connect(sound.context.destination);
    tone.start(at);
    tone.stop(at + length + 0.02);
  }
}

/** Switch the sound on, after a click; false when the browser does not let it. */
export async function soundOn() {
  if (!sound.context) return false;
  await sound.context.resume();
  show(sound.context.state === "running");
  return sound.on;
}

export function startSound() {
  const button = document.getElementById("sound");
  const bar = document.getElementById("deaf");
  bar.querySelector("button").addEventListener("click", async () => { if (await soundOn()) beep("test"); });
  if (!window.AudioContext) { showDeaf(); return; }
  button.hidden = false;
  sound.context = new AudioContext();
  sound.context.addEventListener("statechange", () => {
    if (sound.context.state !== "running") show(false);
  });
  // A browser lets it sound without a click when one came here from our own page.
  show(sound.context.state === "running");
  button.addEventListener("click", async () => {
    if (sound.on) { show(false); return; }
    if (await soundOn()) beep("test");
  });
}

function show(on) {
  const button = document.getElementById("sound");
  sound.on = on;
  button.className = on ? "sound on" : "sound off";
  button.textContent = on ? word("on") : word("off");
  showDeaf();
}

/** Whoever is on duty must know that this desk cannot alarm her. */
export function showDeaf(duty = onDuty) {
  onDuty = duty;
  const bar = document.getElementById("deaf");
  const can = Boolean(sound.context);
  const words = can ? word("deaf") : word("noAudio");
  if (bar.firstElementChild.textContent !== words) bar.firstElementChild.textContent = words;
  const button = bar.querySelector("button");
  button.textContent = word("makeSound");
  button.hidden = !can;
  bar.hidden = !onDuty || sound.on;
}

// --- notifications -------------------------------------------------------------------------------

const AGAIN = 60000; // ms between two of the same kind
const shown = {};

/** A line beside the page, when it is not looked at. `always`: for the test. False: not possible. */
export function notice(words, kind, always = false) {
  if (!("Notification" in window) || Notification.permission !== "granted") return false;
  const looked = document.visibilityState === "visible" && document.hasFocus();
  if (!always && (looked || Date.now() - (shown[kind] || 0) < AGAIN)) return false;
  shown[kind] = Date.now();
  body.dataset.noticed = kind;
  try {
    const made = new Notification("Vakt", { body: words, tag: `vakt-${kind}`, renotify: true, requireInteraction: kind !== "waiting" });
    made.addEventListener("click", () => { window.focus(); made.close(); });
    return true;
  } catch {
    return false; // phones show them only for installed pages
  }
}
