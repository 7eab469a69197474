/* Keys of the queue: j and k walk, a agrees, r opens the reason. Everything works without this file too. */
(function () {
  "use strict";

  // A key pressed while one delivery gives way to the next must not decide on the one that has just come.
  var SETTLE = 500;
  var settled = Date.now();
  var busy = false;

  function queue() {
    return document.querySelector("[data-pr]");
  }

  function announce() {
    settled = Date.now();
    busy = false;
    document.querySelectorAll("[data-pr-keys]").forEach(function (hint) {
      hint.hidden = false;
    });
    var current = document.querySelector("[data-pr-row][aria-current]");
    if (current && current.scrollIntoView && window.matchMedia("(min-width: 60rem)").matches) {
      current.scrollIntoView({ block: "nearest" });
    }
  }

  function step(direction) {
    var rows = Array.prototype.slice.call(document.querySelectorAll("[data-pr-row]"));
    var at = rows.findIndex(function (row) {
      return row.hasAttribute("aria-current");
    });
    var next = rows[at < 0 ? 0 : at + direction];
    if (next) {
      busy = true;
      next.click();
    }
  }

  function writing(element) {
    return element && (/^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName) || element.isContentEditable);
  }

  // A half-written reason means the Walidata is about to send it back, not to agree.
  function remarked() {
    return Array.prototype.some.call(document.querySelectorAll("#catatan, .kr-remark"), function (box) {
      return box.value.trim() !== "";
    });
  }

  var KEYS = {
    j: function () {
      step(1);
    },
    k: function () {
      step(-1);
    },
    a: function () {
      var button = document.querySelector("[data-pr-approve]");
      if (button && !remarked()) {
        busy = true;
        button.click();
      }
    },
    r: function () {
      var box = document.querySelector("[data-pr-return]");
      if (box) {
        box.open = true;
        box.querySelector("textarea").focus();
      }
    },
  };

  document.addEventListener("keydown", function (event) {
    var plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.repeat;
    var act = KEYS[event.key];
    if (!act || !plain || !queue() || writing(event.target) || busy || Date.now() - settled < SETTLE) {
      return;
    }
    event.preventDefault();
    act();
  });

  // A remark beside a finding opens the form it belongs to.
  document.addEventListener("input", function (event) {
    var box = document.querySelector("[data-pr-return]");
    if (box && event.target.classList.contains("kr-remark")) {
      box.open = true;
    }
  });

  document.addEventListener("htmx:afterSettle", announce);
  document.addEventListener("htmx:afterRequest", function () {
    busy = false;
  });
  // What the server refuses with a sentence is shown like any answer.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr && event.detail.xhr.status;
    if (queue() && (status === 400 || status === 403 || status === 404 || status === 409)) {
      var answered = event.detail.xhr.responseText.indexOf('id="pemeriksaan"') >= 0;
      if (answered) {
        event.detail.shouldSwap = true;
        event.detail.isError = false;
      } else {
        window.location.reload();
      }
    }
  });
  announce();
})();
