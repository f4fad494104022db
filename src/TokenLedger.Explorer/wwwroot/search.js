// SPDX-License-Identifier: Apache-2.0
// Suggestions while somebody types. Without this script the form finds the same.
"use strict";
{
  const field = document.getElementById("q");
  const list = document.getElementById("suggestions");
  let timer = 0;
  let asked = "";
  let pending = null;

  async function suggest() {
    const typed = field.value.trim();
    if (typed === asked || typed.length < 2) {
      return;
    }
    asked = typed;
    pending?.abort();
    pending = new AbortController();
    try {
      const answer = await fetch(field.dataset.suggest + "?q=" + encodeURIComponent(typed), { signal: pending.signal });
      if (!answer.ok) {
        return;
      }
      const { data } = await answer.json();
      list.replaceChildren(...data.map(({ value, label }) => {
        const option = document.createElement("option");
        option.value = value;
        option.label = label;
        return option;
      }));
    } catch {
      // The line is down or the reader typed on: the form still works.
    }
  }

  field.addEventListener("input", (event) => {
    clearTimeout(timer);
    if (event.inputType === "insertReplacementText" || event.inputType === undefined) {
      // Chosen from the list.
      field.form.requestSubmit();
      return;
    }
    timer = setTimeout(suggest, 200);
  });
}
