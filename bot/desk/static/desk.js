// Forms that need no new page, and the keys; writing stands in write.js. Without this every form still works.

import { follow, hurry, onNews, say } from "./live.js";
import "./shift.js";
import { word } from "./sound.js";
import "./write.js";

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
  else say(word("failed"));
});

// --- the number and the quotes -------------------------------------------------------------------

const number = byId("number");
if (number) number.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await send(number).catch(() => null);
  if (!answer || !answer.ok) { say(word("noNumber")); return; }
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
  if (!answer || !answer.ok) { say(word("noQuote")); return; }
  const box = byId("quote");
  box.querySelector("blockquote").textContent = (await answer.json()).quote;
  box.showModal();
});

const reply = byId("reply");
const text = byId("text");

// The case may end, lapse or change hands while she looks at it.
const page = document.querySelector("article[data-phase]");
if (page) onNews((news) => {
  if (news.phase === page.dataset.phase || byId("moved")) return;
  const notice = document.createElement("p");
  notice.id = "moved";
  notice.className = "warning";
  notice.setAttribute("role", "alert");
  notice.textContent = news.phase === "waiting" ? `${word("backInQueue")} ` : `${word("caseChanged")} `;
  const link = document.createElement("a");
  link.href = location.pathname;
  link.textContent = word("reload");
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
  const action = { KeyK: toQueue, KeyN: toNext, KeyS: toText, KeyR: toReady }[event.code];
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

function toReady() {
  const list = byId("ready");
  if (!list) return;
  list.open = true;
  list.querySelector("li button").focus();
}

follow();
