/* The grid: pasting from a spreadsheet, arrow keys, and a word before typed figures are lost.
   Listeners hang on the document, because the page is exchanged when it is checked again. */
(function () {
  "use strict";

  var changed = false;
  // What was typed on other pages of the rows stands in hidden fields until it is saved.
  var leaving = false;
  var BOX = "[data-kr-grid] tbody input.form-control, [data-kr-grid] tbody select.form-select";

  function boxes(row) {
    return Array.prototype.slice.call(row.querySelectorAll("input.form-control, select.form-select"));
  }

  function rows(box) {
    return Array.prototype.slice.call(box.closest("tbody").rows);
  }

  function place(box) {
    var all = rows(box);
    var row = all.indexOf(box.closest("tr"));
    // Boxes are counted from the right, because a line's own class may be text or boxes.
    return { row: row, fromEnd: boxes(all[row]).length - boxes(all[row]).indexOf(box) };
  }

  function at(box, row, fromEnd) {
    var line = rows(box)[row];
    if (!line || fromEnd < 1) {
      return null;
    }
    var found = boxes(line);
    return found[found.length - fromEnd] || null;
  }

  function cells(text) {
    var lines = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n");
    return lines.map(function (line) {
      return line.split("\t").map(function (cell) {
        return cell.trim().replace(/^"(.*)"$/, "$1");
      });
    });
  }

  function put(target, value) {
    if (target.tagName !== "SELECT") {
      target.value = value;
      return true;
    }
    // A list takes its codes and its words.
    var wanted = value.toLowerCase();
    return Array.prototype.some.call(target.options, function (option) {
      if (option.value.toLowerCase() === wanted || option.text.toLowerCase() === wanted) {
        target.value = option.value;
        return true;
      }
      return false;
    });
  }

  document.addEventListener("paste", function (event) {
    var box = event.target;
    if (!box.matches || !box.matches(BOX)) {
      return;
    }
    var text = (event.clipboardData || window.clipboardData).getData("text");
    if (!/[\t\n]/.test(text.replace(/\r?\n$/, ""))) {
      return;
    }
    var said = box.closest("form").querySelector("[data-kr-pasted]");
    event.preventDefault();
    var start = place(box);
    var filled = 0;
    var left = 0;
    cells(text).forEach(function (line, down) {
      line.forEach(function (value, right) {
        var target = at(box, start.row + down, start.fromEnd - right);
        if (target && put(target, value)) {
          filled += 1;
        } else if (value) {
          left += 1;
        }
      });
    });
    changed = true;
    if (said) {
      said.textContent =
        said.dataset.krText.replace("{n}", filled) + (left ? " " + said.dataset.krLeft.replace("{n}", left) : "");
      said.hidden = false;
    }
  });

  document.addEventListener("keydown", function (event) {
    var box = event.target;
    var move = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || !box.matches || !box.matches(BOX)) {
      return;
    }
    // In a list the arrows choose.
    if (box.tagName === "SELECT" && event.key !== "Enter") {
      return;
    }
    var here = place(box);
    var target = at(box, here.row + move, here.fromEnd);
    event.preventDefault();
    if (target) {
      target.focus();
      if (target.select) {
        target.select();
      }
    }
  });

  document.addEventListener("input", function (event) {
    if (event.target.closest && event.target.closest("[data-kr-grid]")) {
      changed = true;
    }
  });
  document.addEventListener("submit", function () {
    changed = false;
    leaving = true;
  });
  document.addEventListener("htmx:afterSwap", function () {
    changed = false;
    leaving = false;
  });
  // A refusal is a page as well: it names what is wrong, and keeps what was typed.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status === 400 || status === 409) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (changed || (!leaving && document.querySelector("[data-kr-carried]"))) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
})();
