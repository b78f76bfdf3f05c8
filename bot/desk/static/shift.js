// The page where a shift begins: does this desk make sound, does the browser show notices?

import { audible, beep, notice, soundOn } from "./sound.js";

const tests = document.getElementById("tests");

if (tests) {
  const words = tests.dataset;
  const say = (id, text) => { document.getElementById(id).textContent = text; };
  tests.hidden = false;
  const tryOut = (kind) => async () => {
    await soundOn();
    beep(kind);
    say("sound-said", audible() ? words.heard : words.unheard);
  };
  document.getElementById("try-alarm").addEventListener("click", tryOut("alarm"));
  document.getElementById("try-second").addEventListener("click", tryOut("second"));
  document.getElementById("try-notice").addEventListener("click", async () => {
    if (!("Notification" in window)) { say("notice-said", words.none); return; }
    const answer = await Notification.requestPermission();
    if (answer !== "granted") { say("notice-said", words.denied); return; }
    say("notice-said", notice(words.test, "test", true) ? words.shown : words.none);
  });
}
