/* The grid: pasting from a spreadsheet, arrow keys, and a word before typed figures are lost. */
(function () {
  "use strict";

  var form = document.querySelector("[data-kr-grid]");
  if (!form) {
    return;
  }
  var table = form.querySelector("table");
  var said = form.querySelector("[data-kr-pasted]");
  var changed = false;

  function boxes(row) {
    return Array.prototype.slice.call(row.querySelectorAll("input.form-control"));
  }

  function rows() {
    return Array.prototype.slice.call(table.tBodies[0].rows);
  }

  function place(box) {
    var all = rows();
    var row = all.indexOf(box.closest("tr"));
    // Boxes are counted from the right, because a line's own class may be text or boxes.
    return { row: row, fromEnd: boxes(all[row]).length - boxes(all[row]).indexOf(box) };
  }

  function at(row, fromEnd) {
    var line = rows()[row];
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

  table.addEventListener("paste", function (event) {
    var box = event.target;
    var text = (event.clipboardData || window.clipboardData).getData("text");
    if (!box.matches("tbody input.form-control") || !/[\t\n]/.test(text.replace(/\r?\n$/, ""))) {
      return;
    }
    event.preventDefault();
    var start = place(box);
    var filled = 0;
    var left = 0;
    cells(text).forEach(function (line, down) {
      line.forEach(function (value, right) {
        var target = at(start.row + down, start.fromEnd - right);
        if (target) {
          target.value = value;
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

  table.addEventListener("keydown", function (event) {
    var move = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || !event.target.matches("tbody input.form-control")) {
      return;
    }
    var here = place(event.target);
    var target = at(here.row + move, here.fromEnd);
    event.preventDefault();
    if (target) {
      target.focus();
      target.select();
    }
  });

  form.addEventListener("input", function () {
    changed = true;
  });
  form.addEventListener("submit", function () {
    changed = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (changed) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
})();
