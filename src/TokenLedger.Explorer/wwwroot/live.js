// SPDX-License-Identifier: Apache-2.0
// Keeps a page current while blocks come, until the reader pauses it. Without this script a reload does the same.
"use strict";
{
  const stream = document.currentScript.dataset.stream;
  let shown = Number(document.currentScript.dataset.height);
  const toggle = document.getElementById("live-toggle");
  const lost = document.getElementById("live-lost");
  const shortestMs = 3000;
  const refusedMs = 10000;
  let source = null;
  let timer = 0;
  let again = 0;
  let last = 0;
  let busy = false;

  const readingOn = () => {
    const chosen = document.getSelection();
    const content = document.getElementById("content");
    const open = content.querySelector("details[open]");
    return open !== null || content.contains(document.activeElement) && document.activeElement !== content
      || chosen !== null && !chosen.isCollapsed;
  };

  async function refresh() {
    timer = 0;
    if (busy || source === null || document.hidden || readingOn()) {
      return;
    }
    busy = true;
    last = performance.now();
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.ok && source !== null && !readingOn()) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        shown = Number(page.querySelector("script[data-stream]")?.dataset.height);
        for (const id of ["content", "freshness"]) {
          const now = document.getElementById(id);
          const next = page.getElementById(id);
          if (now !== null && next !== null && now.innerHTML !== next.innerHTML) {
            now.replaceChildren(...next.childNodes);
            window.htmx?.process(now);
          }
        }
      }
    } catch {
      // The stream tells when the line is back.
    } finally {
      busy = false;
    }
  }

  function start() {
    source = new EventSource(stream);
    source.addEventListener("open", () => { lost.hidden = true; });
    source.addEventListener("error", () => {
      lost.hidden = false;
      if (source.readyState === EventSource.CLOSED) {
        // The browser gives up after a refusal. All who were refused should not come back at one time.
        again = setTimeout(start, refusedMs * (1 + Math.random()));
      }
    });
    source.addEventListener("block", (event) => {
      // A new reader is told of the newest block, which the page mostly has already.
      if (timer === 0 && !(Number(event.lastEventId) <= shown)) {
        timer = setTimeout(refresh, Math.max(0, shortestMs - (performance.now() - last)));
      }
    });
  }

  function stop() {
    source.close();
    source = null;
    clearTimeout(timer);
    clearTimeout(again);
    timer = 0;
    lost.hidden = true;
  }

  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    if (source === null) {
      start();
      toggle.textContent = toggle.dataset.pause;
    } else {
      stop();
      toggle.textContent = toggle.dataset.resume;
    }
  });
  start();
}
