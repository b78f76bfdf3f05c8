// Draws the thread anew without reloading the page. Everything works without this file too.
(function () {
  "use strict";
  var form = document.getElementById("phone");
  var thread = document.getElementById("thread");
  var text = document.getElementById("text");
  var number = document.getElementById("number");
  var shown = "";
  var busy = false;

  function draw(html) {
    if (html === shown) return;
    shown = html;
    thread.innerHTML = html;
    thread.scrollTop = thread.scrollHeight;
  }

  function ask(what) {
    var body = new URLSearchParams({ number: number.value, do: what });
    if (what === "send") body.set("text", text.value);
    busy = true;
    return fetch(form.action, { method: "POST", body: body, headers: { "X-Part": "thread" } })
      .then(function (answer) {
        return answer.ok ? answer.text() : Promise.reject(new Error("refused"));
      })
      .then(draw)
      .finally(function () {
        busy = false;
      });
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var what = event.submitter ? event.submitter.value : "send";
    if (what === "send" && !text.value.trim()) return;
    ask(what).then(
      function () {
        if (what === "send") text.value = "";
      },
      function () {}
    );
  });
  text.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      form.requestSubmit(form.querySelector('[value="send"]'));
    }
  });
  number.addEventListener("change", function () {
    ask("look").catch(function () {});
  });
  setInterval(function () {
    if (!busy && !document.hidden) ask("look").catch(function () {});
  }, 1000);
})();
