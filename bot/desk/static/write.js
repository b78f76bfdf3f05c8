// Writing to a person: sending, the size of an SMS, ready replies, "skriver …", and the journal note
// that is copied or printed. Not one letter leaves the page before Send.

import { hurry, onNews } from "./live.js";
import { word } from "./sound.js";

const csrf = document.body.dataset.csrf;
const byId = (id) => document.getElementById(id);

function send(form) {
  return fetch(form.action, {
    method: "POST", redirect: "error", cache: "no-store",
    headers: { Accept: "application/json", "X-CSRF": csrf },
    body: new URLSearchParams(new FormData(form)),
  });
}

const reply = byId("reply");
const text = byId("text");
let sending = false;

if (reply) {
  reply.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (event.submitter && event.submitter.name === "ready") { putIn(event.submitter); return; }
    if (sending) return;
    sending = true;
    const button = reply.querySelector("button");
    button.disabled = true;
    const error = await tryToSend();
    button.disabled = false;
    sending = false;
    const place = byId("reply-error");
    place.textContent = error;
    place.hidden = error === "";
    if (error === "") {
      text.value = "";
      reply.elements.warned.checked = false;
      reply.elements.once.value = mark();
      text.dispatchEvent(new Event("input"));
      hurry();
    }
    text.focus();
  });
  text.addEventListener("input", showSize);
  text.addEventListener("input", careful);
  text.addEventListener("input", writes);
  careful();
  window.addEventListener("beforeunload", (event) => {
    if (text.value.trim() !== "" && !sending) event.preventDefault();
  });
  onNews((news) => { reply.querySelector(".warned").hidden = !news.danger; });
}

// "" when it is on its way. The same form sent twice goes out once, so trying again is safe.
async function tryToSend() {
  try {
    const answer = await send(reply);
    if (answer.ok) return "";
    const told = await answer.json();
    return told.error === "stale" ? word("stalePage") : told.error;
  } catch {
    return word("notSent");
  }
}

function mark() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const BASIC = new Set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà");
const TWICE = new Set("^{}\\[~]|€\f");

// What the service writes instead, so that a message stays cheap (bot/channels/sms/segments.py).
const PLAIN = new Map([..."«»“”„‟″"].map((letter) => [letter, '"']).concat(
  [..."‘’‚‛′´`"].map((letter) => [letter, "'"]),
  [..."‐‑‒–—―−•·"].map((letter) => [letter, "-"]),
  [..."\u00a0\u2002\u2003\u2007\u2009\u202f\t"].map((letter) => [letter, " "]),
  [..."\u00ad\u200b\u2060\ufeff"].map((letter) => [letter, ""]),
  [["…", "..."]],
));

function plain(words) {
  return [...words.normalize("NFC")].map((letter) => PLAIN.get(letter) ?? letter).join("");
}

/** Units, segments and the letters that make an SMS twice as dear (3GPP TS 23.038). */
export function smsSize(words) {
  const odd = [...new Set(words)].filter((letter) => !BASIC.has(letter) && !TWICE.has(letter));
  if (odd.length) return { units: words.length, segments: words.length <= 70 ? 1 : Math.ceil(words.length / 67), odd };
  const units = words.length + [...words].filter((letter) => TWICE.has(letter)).length;
  return { units, segments: units <= 160 ? 1 : Math.ceil(units / 153), odd };
}

function showSize() {
  if (reply.dataset.channel !== "sms") return;
  const words = text.value.trim();
  const size = smsSize(plain(words));
  const place = byId("size");
  if (words === "") { place.textContent = word("oneSms"); return; }
  const parts = size.segments === 1 ? "1 SMS" : word("manySms", { n: size.segments });
  const dear = size.odd.length ? ` ${word("dearLetters", { letters: size.odd.join(" ") })}` : "";
  place.textContent = `${word("letters", { n: size.units })}, ${parts}.${dear}`;
}

// --- careful words by SMS ------------------------------------------------------------------------

// What she has written names the matter, and the message stays on the phone.
function careful() {
  if (reply.dataset.channel !== "sms") return;
  const words = text.value.toLowerCase();
  byId("careful").hidden = !reply.dataset.reveals.split(",").some((part) => words.includes(part));
}

// --- "skriver …" ---------------------------------------------------------------------------------

const SIGN_EVERY = 4000; // ms; one sign lasts seven seconds (bot/channels/typing.py)
let signed = 0;

function writes() {
  const now = Date.now();
  if (reply.dataset.channel !== "web" || text.value.trim() === "" || now - signed < SIGN_EVERY) return;
  signed = now;
  fetch(reply.dataset.typing, {
    method: "POST", redirect: "error", cache: "no-store", headers: { Accept: "application/json", "X-CSRF": csrf },
  }).catch(() => {}); // a sign that is lost is missed by nobody
}

// --- ready replies -------------------------------------------------------------------------------

const ready = byId("ready");

function putIn(button) {
  const chosen = button.dataset.text ? button : ready && ready.querySelector(`[value="${button.value}"]`);
  if (!chosen) return;
  const before = text.value.trim();
  text.value = before ? `${before}\n${chosen.dataset.text}` : chosen.dataset.text;
  ready.open = false;
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  text.dispatchEvent(new Event("input"));
}

if (ready) ready.addEventListener("keydown", (event) => {
  if (event.key === "Escape") { ready.open = false; text.focus(); return; }
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const chosen = ready.open && ready.querySelector(`[data-letter="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!chosen) return;
  event.preventDefault();
  putIn(chosen);
});

// --- the journal note ----------------------------------------------------------------------------

const note = byId("journal-note");
if (note) {
  const copy = byId("copy-note"), print = byId("print-note");
  const lines = [...note.querySelectorAll("div")].map((row) => `${row.children[0].textContent}: ${row.children[1].textContent}`);
  copy.hidden = !navigator.clipboard;
  print.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(lines.join("\n"));
    copy.textContent = word("copied");
  });
  print.addEventListener("click", () => window.print());
}
