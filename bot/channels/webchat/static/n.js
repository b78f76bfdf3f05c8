// Makes the page better where script runs: no reloads, new replies by themselves, a faster way out.
// Everything here also works as a plain form. Nothing is kept: no cookie, no storage.
(function () {
  "use strict";
  if (!window.fetch || !window.DOMParser || !window.URLSearchParams) return;

  var doc = document, WAITS = [1, 3, 8], DEAD = 50000, SLOW = 30000;
  var exit = "/", seq = 0, pressed = null, line = null, tries = 0, shifts = 0, shiftAt = 0, alone = false;
  var sending = Promise.resolve(), busy = false, later = [], left = false, age = 0, written = 0;

  function el(id) { return doc.getElementById(id); }
  function each(list, fn) { Array.prototype.forEach.call(list, fn); }
  function show(id, yes) { var e = el(id); if (e) e.hidden = !yes; }
  function value(name, set) {
    var f = el("f"), field = f && f.elements[name];
    if (field && set !== undefined) field.value = set;
    return field ? field.value : "";
  }
  function fresh() {
    var bytes = new Uint8Array(16), text = "";
    crypto.getRandomValues(bytes);
    each(bytes, function (b) { text += (b + 256).toString(16).slice(1); });
    return text;
  }
  function post(path, fields, signal) {
    var data = new URLSearchParams();
    Object.keys(fields).forEach(function (key) { each([].concat(fields[key]), function (v) { data.append(key, v); }); });
    return fetch(path, {
      method: "POST", body: data, cache: "no-store", credentials: "omit", signal: signal,
      headers: { "X-Conversation": value("token") }
    });
  }
  function boxes(ids) { // ticked ones; with ids those are ticked again
    var found = doc.querySelectorAll("input[name=tick]"), on = [];
    each(found, function (e) {
      if (ids && ids.indexOf(e.value) >= 0) e.checked = true;
      if (e.checked) on.push(e.value);
    });
    return on;
  }
  function stopper() { return window.AbortController ? new AbortController() : null; }
  function after(ms) { return new Promise(function (go) { setTimeout(go, ms); }); }

  // --- the whole page ---

  function start() {
    var f = el("f");
    if (f) {
      exit = f.getAttribute("data-exit");
      seq = +f.getAttribute("data-seq") || 0;
    }
    show("shift", true);
    open();
  }
  function swap(text) {
    var page = new DOMParser().parseFromString(text, "text/html"), app = page.getElementById("app");
    var area = el("text"), typing = area && doc.activeElement === area, on = boxes();
    if (!app || left) return;
    close();
    age++;
    later = [];
    doc.documentElement.lang = page.documentElement.lang;
    el("app").innerHTML = app.innerHTML;
    boxes(on);
    start();
    if (area && el("text") && area.value) el("text").value = area.value;
    var spot = typing && el("text") || el("ny") || el("text");
    if (spot) { spot.focus(); spot.scrollIntoView({ block: "nearest" }); }
  }
  function ask(form, name, what) {
    var erases = what === "erase";
    function go() {
      var fields = {};
      each(form.elements, function (e) { if (e.name && e.type !== "submit" && e.type !== "checkbox") fields[e.name] = e.value; });
      fields[name] = what;
      return post("/", fields).then(function (r) { return r.text(); })
        .then(swap, function () { show("failed", true); });
    }
    show("failed", false);
    if (erases && el("log")) { age++; el("log").textContent = ""; }
    sending = erases ? go() : sending.then(go); // an erase waits for nothing
  }
  function blank() {
    left = true;
    close();
    el("app").textContent = "";
  }
  function leave() {
    var data = new URLSearchParams();
    if (left) return;
    data.append("token", value("token"));
    data.append("nonce", value("nonce"));
    blank();
    if (!navigator.sendBeacon || !navigator.sendBeacon("/chat/erase", data)) {
      fetch("/chat/erase", { method: "POST", body: data, keepalive: true, credentials: "omit" });
    }
    location.replace(exit);
  }

  // --- saying something ---

  function say(name, what) {
    var area = el("text"), text = name === "press" ? what.slice(what.indexOf("|") + 1) : area.value;
    var job = { name: name, what: what, text: text, nonce: fresh(), age: age, ticks: boxes() };
    if (!text.trim() && !job.ticks.length) { area.focus(); return; }
    if (name === "press") each(el("log").querySelectorAll(".choices"), function (e) { e.hidden = true; });
    else area.value = "";
    show("unsent", false); show("picture", false);
    el("said").textContent = "";
    job.bubble = mine(text.trim() ? text : "\u2713");
    sending = sending.then(function () { return deliver(job, 0); });
  }
  function mine(text) {
    var bubble = doc.createElement("div"), who = doc.createElement("span"), body = doc.createElement("div");
    bubble.className = "m you wait";
    who.className = "who";
    who.textContent = el("f").getAttribute("data-you");
    body.className = "t";
    body.dir = "auto";
    body.textContent = text;
    bubble.appendChild(who);
    bubble.appendChild(body);
    el("log").appendChild(bubble);
    bubble.scrollIntoView({ block: "nearest" });
    return bubble;
  }
  function deliver(job, attempt) {
    var stop = stopper(), timer = setTimeout(function () { if (stop) stop.abort(); }, SLOW);
    var fields = { lang: value("lang"), nonce: job.nonce, seq: seq, tick: job.ticks };
    fields[job.name === "press" ? "press" : "text"] = job.name === "press" ? job.what : job.text;
    if (left || job.age !== age) { clearTimeout(timer); return null; }
    value("nonce", job.nonce);
    busy = true;
    return post("/chat/message", fields, stop ? stop.signal : undefined).then(function (r) {
      if (!r.ok) throw r;
      return r.json();
    }).then(function (d) {
      clearTimeout(timer);
      if (job.age !== age) return;
      done(job);
      take(d, job);
      if (!busy) each(later.splice(0), function (d) { take(d); });
    }, function (r) {
      clearTimeout(timer);
      if (left || job.age !== age) return null;
      if (attempt < WAITS.length && !(r && r.status === 413)) {
        show("offline", true);
        return after(WAITS[attempt] * 1000).then(function () { return deliver(job, attempt + 1); });
      }
      done(job);
      each(el("log").querySelectorAll(".choices"), function (e) { e.hidden = false; });
      if (job.name !== "press") el("text").value = [job.text, el("text").value].join("\n").trim();
      show("unsent", true);
      return null;
    });
  }
  function done(job) {
    busy = false;
    show("offline", false);
    if (job.bubble.parentNode) job.bubble.parentNode.removeChild(job.bubble);
  }

  // --- taking in what is new ---

  function take(d, job) {
    var log = el("log"), first = null, last = null;
    if (left) return;
    if (d.page) { swap(d.page); return; }
    if (!log) return;
    if (d.token && d.token !== value("token")) {
      if (value("token")) { log.textContent = ""; seq = 0; close(); }
      value("token", d.token);
    }
    each(d.items || [], function (item) {
      if (item.seq && item.seq <= seq) return;
      if (item.seq) seq = item.seq;
      if (item.who === "you") {
        each(log.querySelectorAll(".choices,.ask"), function (e) { e.parentNode.removeChild(e); });
      }
      log.insertAdjacentHTML("beforeend", item.html);
      last = log.lastElementChild;
      first = first || last;
    });
    if (job) boxes(job.ticks); // the same boxes once more: nothing has to be ticked twice
    each(log.querySelectorAll(".wait"), function (e) { log.appendChild(e); });
    if (value("token")) show("back", false);
    if (d.held && d.held !== el("held").textContent) { el("held").textContent = d.held; show("held", true); }
    if (d.waits !== undefined) show("getcode", d.waits);
    if (d.typing !== undefined) writing(d.typing);
    if (job) {
      el("said").innerHTML = d.notice ? '<p class="notice">' + d.notice + "</p>" : "";
      if (d.draft && !el("text").value) el("text").value = d.draft;
      if (first) {
        first.scrollIntoView({ block: "start" });
        if (job.name === "press") last.focus({ preventScroll: true });
      } else each(log.querySelectorAll(".choices"), function (e) { e.hidden = false; });
    } else if (last) last.scrollIntoView({ block: "nearest" });
    // The person writes another language: so does the page.
    if (d.lang && d.lang !== value("lang")) { value("lang", d.lang); ask(el("f"), "do", "new"); }
    open();
  }
  function writing(words) { // gone by itself: a counsellor's line may break
    if (el("typing")) el("typing").textContent = words; else return;
    clearTimeout(written);
    if (words) written = setTimeout(function () { writing(""); }, 8000);
  }
  function open() {
    var mine, stop;
    if (line || left || !value("token")) return;
    show("fetch", true); // until the line is open
    if (!window.TextDecoder) return;
    stop = stopper();
    mine = line = { stop: stop, at: Date.now() };
    post("/chat/stream", { lang: value("lang"), seq: seq }, stop ? stop.signal : undefined).then(function (r) {
      var reader, decoder = new TextDecoder(), rest = "";
      if (!r.ok) throw r;
      if (!r.body || !r.body.getReader) return null; // no lines here: the button stays
      reader = r.body.getReader();
      function next() {
        return reader.read().then(function (part) {
          var rows;
          if (line !== mine) return reader.cancel();
          if (part.done) throw part;
          tries = 0;
          mine.at = Date.now();
          show("fetch", false);
          rest += decoder.decode(part.value, { stream: true });
          rows = rest.split("\n");
          rest = rows.pop();
          each(rows, function (row) {
            if (!row) return;
            if (busy) later.push(JSON.parse(row)); else take(JSON.parse(row));
          });
          return next();
        });
      }
      return next();
    }).catch(function () {
      if (line !== mine) return;
      line = null;
      if (left || !value("token")) return;
      show("fetch", true);
      setTimeout(open, Math.min(30, Math.pow(2, tries++)) * (500 + 500 * Math.random()));
    });
  }
  function close() {
    var old = line;
    line = null;
    if (old && old.stop) old.stop.abort();
  }
  function revive() { // a line that fell asleep with the phone
    if (line && line.stop && Date.now() - line.at > DEAD) { close(); open(); }
  }

  // --- hands on the page ---

  doc.addEventListener("click", function (e) {
    pressed = e.target.closest ? e.target.closest("button") : null;
  });
  doc.addEventListener("submit", function (e) {
    var f = e.target, b = e.submitter || (pressed && pressed.form === f ? pressed : null);
    if (!b && f.id !== "f") b = f.querySelector("button");
    pressed = null;
    e.preventDefault();
    if (b && b.value === "leave") leave();
    else if (!b || b.name === "press" || b.value === "say") say(b ? b.name : "do", b ? b.value : "say");
    else ask(f, b.name, b.value);
  });
  doc.addEventListener("keydown", function (e) {
    alone = e.key === "Shift";
    if (!alone) shifts = 0;
    if (e.key === "Enter" && e.target.name === "tick") { e.preventDefault(); say("do", "say"); }
    if (e.key === "Enter" && e.target.id === "text" && !e.shiftKey && !e.isComposing &&
        window.matchMedia && matchMedia("(pointer: fine)").matches) {
      e.preventDefault();
      say("do", "say");
    }
  });
  doc.addEventListener("keyup", function (e) {
    var f = el("f"), now = Date.now();
    if (e.key !== "Shift" || !alone) return;
    shifts = now - shiftAt < 5000 ? shifts + 1 : 1;
    shiftAt = now;
    if (shifts > 2) leave();
    else if (f && el("count")) el("count").textContent = f.getAttribute("data-shift" + shifts);
  });
  function picture(e) {
    var from = e.clipboardData || e.dataTransfer;
    if (from && from.files && from.files.length) { e.preventDefault(); show("picture", true); }
  }
  doc.addEventListener("paste", picture);
  doc.addEventListener("drop", picture);
  doc.addEventListener("dragover", function (e) { e.preventDefault(); });
  doc.addEventListener("visibilitychange", revive);
  window.addEventListener("online", function () { if (!line) open(); });
  window.addEventListener("pagehide", blank); // nothing to see for whoever presses Back
  setInterval(revive, 15000);
  start();
})();
