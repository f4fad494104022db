// SPDX-License-Identifier: Apache-2.0
// What a page load does and htmx leaves out. Without scripts the links and forms of lists load pages.
"use strict";
document.addEventListener("htmx:afterSettle", () => {
  // A reader by keyboard or voice goes on where the new rows are, unless the field that was in use is still there.
  if (document.activeElement === document.body) {
    document.getElementById("content").focus({ preventScroll: true });
  }
});
document.addEventListener("htmx:sendError", (event) => {
  location.assign(event.detail.pathInfo.finalRequestPath);
});
