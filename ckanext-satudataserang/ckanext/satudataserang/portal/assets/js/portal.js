/* Improvements only: every page works without this file. */
(function () {
  "use strict";

  // Sorting a list takes effect at once; the button stays for those without scripts.
  document.querySelectorAll("[data-satudata-autosubmit] select[name=sort]").forEach(function (select) {
    var button = select.form.querySelector("button.js-hide");
    if (button) {
      button.hidden = true;
    }
    select.addEventListener("change", function () {
      select.form.submit();
    });
  });

  // "/" brings the cursor to the search box.
  document.addEventListener("keydown", function (event) {
    var box = document.querySelector("input[name=q]");
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
    if (box && event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    }
  });
})();
