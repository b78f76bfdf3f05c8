// Forms that need no new page, writing to a person, and the keys. Without this every form still works.

import { follow, hurry, onNews, say } from "./live.js";

const csrf = document.body.dataset.csrf;
const byId = (id) => document.getElementById(id);

function send(form) {
  return fetch(form.action, {
    method: "POST", redirect: "error", cache: "no-store",
    headers: { Accept: "application/json", "X-CSRF": csrf },
    body: new URLSearchParams(new FormData(form)),
  });
}

// --- the queue's buttons -------------------------------------------------------------------------

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("form[data-quiet]")) return;
  event.preventDefault();
  const values = new FormData(form);
  if (event.submitter && event.submitter.name) values.set(event.submitter.name, event.submitter.value);
  const answer = await fetch(form.action, {
    method: "POST", redirect: "error", cache: "no-store",
    headers: { Accept: "application/json", "X-CSRF": csrf },
    body: new URLSearchParams(values),
  }).catch(() => null);
  if (answer && answer.ok) hurry();
  else say("Det gikk ikke. Prøv igjen.");
});

// --- the number and the quotes -------------------------------------------------------------------

const number = byId("number");
if (number) number.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send(number).catch(() => null);
  if (!answer || !answer.ok) { say("Nummeret kunne ikke vises."); return; }
  const shown = number.querySelector(".shown");
  shown.querySelector("strong").textContent = (await answer.json()).number;
  shown.hidden = false;
  for (const other of number.querySelectorAll("button, .facts")) other.hidden = true;
});

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a.open-quote");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { Accept: "application/json" }, cache: "no-store", redirect: "error" }).catch(() => null);
  if (!answer || !answer.ok) { say("Sitatet kunne ikke åpnes."); return; }
  const box = byId("quote");
  box.querySelector("blockquote").textContent = (await answer.json()).quote;
  box.showModal();
});

// --- writing to a person -------------------------------------------------------------------------

const reply = byId("reply");
const text = byId("text");
let sending = false;

if (reply) {
  reply.addEventListener("submit", async (event) => {
    event.preventDefault();
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
    return told.error === "stale" ? "Siden er for gammel. Kopier teksten og last siden på nytt." : told.error;
  } catch {
    return "Ikke sendt: forbindelsen er borte. Teksten står her. Prøv igjen.";
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
  if (words === "") { place.textContent = "Inntil 160 tegn er én SMS."; return; }
  const parts = size.segments === 1 ? "1 SMS" : `${size.segments} SMS-er`;
  const dear = size.odd.length ? ` Tegn som gjør meldingen lengre: ${size.odd.join(" ")}` : "";
  place.textContent = `${size.units} tegn, ${parts}.${dear}`;
}

// The case may end, lapse or change hands while she looks at it.
const page = document.querySelector("article[data-phase]");
if (page) onNews((news) => {
  if (news.phase === page.dataset.phase || byId("moved")) return;
  const notice = document.createElement("p");
  notice.id = "moved";
  notice.className = "warning";
  notice.setAttribute("role", "alert");
  notice.textContent = news.phase === "waiting" ? "Saken er tilbake i køen. Du har den ikke lenger. " : "Saken har endret seg. ";
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = "Last siden på nytt";
  notice.append(link);
  page.querySelector("[data-part=state]").after(notice);
  const button = reply && reply.querySelector("button");
  if (button) button.disabled = true;
});

// --- keys ----------------------------------------------------------------------------------------

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter" && text && document.activeElement === text) {
    event.preventDefault();
    reply.requestSubmit();
    return;
  }
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const action = { KeyK: toQueue, KeyN: toNext, KeyS: toText }[event.code];
  if (!action) return;
  event.preventDefault();
  action();
});

function toQueue() { location.assign("/desk/"); }

function toNext() {
  const next = document.querySelector(".alarm.open button, .alarm.open a, [data-key=waiting] .card a");
  if (next) next.focus();
  else if (!document.querySelector("[data-part=board]")) toQueue();
}

function toText() { if (text) text.focus(); }

follow();
