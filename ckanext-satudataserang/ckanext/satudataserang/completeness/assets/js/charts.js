/* Charts: a picture of the table beside each. Every page is complete without this file; colours are the page's own. */
(function () {
  "use strict";

  var frames = document.querySelectorAll("[data-sk-chart]");
  if (!frames.length || typeof uPlot === "undefined") {
    return;
  }

  function colour(name) {
    var found = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    return found || "#0b5c6b";
  }

  function spoken(value, unit) {
    return value === null || value === undefined ? "–" : value.toLocaleString(document.documentElement.lang || "id") + (unit ? " " + unit : "");
  }

  /* A label in short lines, to stand under a narrow bar. */
  function folded(label) {
    return label.split(" ").reduce(function (lines, word) {
      var last = lines[lines.length - 1];
      if (last !== undefined && (last + " " + word).length <= 8) {
        lines[lines.length - 1] = last + " " + word;
      } else {
        lines.push(word);
      }
      return lines;
    }, []).join("\n");
  }

  /* Dashes tell lines apart where colours do not. */
  var dashes = [[], [6, 4], [2, 3]];

  function options(data, width) {
    var bars = data.kind === "bars";
    var ink = colour("--satudata-muted");
    var grid = { stroke: colour("--satudata-line"), width: 1 };
    var font = "16px " + (getComputedStyle(document.body).fontFamily || "sans-serif");
    var series = data.series.map(function (one, number) {
      var drawn = colour(one.colour);
      var shape = { label: one.name, stroke: drawn, width: bars ? 0 : 2, dash: dashes[number % dashes.length], points: { show: !bars, size: 7, fill: number % 2 ? "#fff" : drawn } };
      if (bars) {
        shape.fill = drawn;
        shape.paths = uPlot.paths.bars({
          size: [0.7, 64],
          disp: {
            fill: { unit: 3, values: function () { return one.colours.map(colour); } },
            stroke: { unit: 3, values: function () { return one.colours.map(colour); } }
          }
        });
      }
      return shape;
    });
    return {
      width: width,
      height: bars ? 280 : 240,
      padding: [12, 24, 0, 0],
      cursor: { drag: { x: false, y: false }, y: false },
      legend: { show: !bars, live: false },
      scales: {
        x: { time: false, range: function () { return [-0.6, data.labels.length - 0.4]; } },
        y: { range: function (_, low, high) { return data.unit === "%" ? [0, 100] : [0, Math.max(1, high * 1.1)]; } }
      },
      axes: [
        {
          stroke: ink, font: font, grid: { show: false }, ticks: { show: false }, gap: 6, size: bars ? 100 : 40, lineGap: 1.2,
          splits: function () {
            /* As many labels as fit; the newest always. */
            var every = Math.max(1, Math.ceil(data.labels.length / Math.max(1, Math.floor(width / (bars ? 72 : 64)))));
            return data.labels.map(function (_, at) { return at; }).filter(function (at) { return (data.labels.length - 1 - at) % every === 0; });
          },
          values: function (_, splits) { return splits.map(function (at) { return bars ? folded(data.labels[at]) : data.labels[at]; }); }
        },
        { stroke: ink, font: font, grid: grid, ticks: { show: false }, size: 64, incrs: data.unit === "%" ? [25, 50] : [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 50000, 100000], values: function (_, splits) { return splits.map(function (value) { return spoken(value, data.unit); }); } }
      ],
      series: [{ label: "", value: function (_, at) { return at === null ? "" : data.long[at]; } }].concat(
        series.map(function (one) {
          one.value = function (_, value) { return spoken(value, data.unit); };
          return one;
        })
      )
    };
  }

  function draw(frame) {
    var data = JSON.parse(frame.getAttribute("data-sk-chart"));
    var title = frame.getAttribute("data-sk-title");
    var values = [data.labels.map(function (_, at) { return at; })].concat(data.series.map(function (one) { return one.values; }));
    frame.hidden = false;
    frame.tabIndex = 0;
    frame.setAttribute("role", "group");
    frame.setAttribute("aria-label", title + ". " + frame.getAttribute("data-sk-hint"));
    var chart = new uPlot(options(data, frame.clientWidth), values, frame);
    var told = document.createElement("p");
    told.className = "sk-told";
    told.setAttribute("aria-live", "polite");
    frame.appendChild(told);

    function tell(at) {
      told.textContent = data.long[at] + ": " + data.series.map(function (one) {
        return (data.series.length > 1 ? one.name + " " : "") + spoken(one.values[at], data.unit);
      }).join(", ");
    }

    var at = data.labels.length;
    frame.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) {
        return;
      }
      event.preventDefault();
      at = Math.min(data.labels.length - 1, Math.max(0, at + step));
      chart.setCursor({ left: chart.valToPos(at, "x"), top: 10 });
      tell(at);
    });
    chart.over.addEventListener("mousemove", function () {
      if (chart.cursor.idx !== null && chart.cursor.idx !== undefined) {
        at = chart.cursor.idx;
        tell(at);
      }
    });
    if (window.ResizeObserver) {
      var last = frame.clientWidth;
      new ResizeObserver(function () {
        if (frame.clientWidth && frame.clientWidth !== last) {
          last = frame.clientWidth;
          chart.setSize({ width: last, height: chart.height });
        }
      }).observe(frame);
    }
  }

  /* Drawn when it comes near: a page is read before its charts are. */
  if (window.IntersectionObserver) {
    var near = new IntersectionObserver(function (seen) {
      seen.forEach(function (one) {
        if (one.isIntersecting) {
          near.unobserve(one.target);
          draw(one.target.querySelector("[data-sk-chart]"));
        }
      });
    }, { rootMargin: "400px" });
    frames.forEach(function (frame) { near.observe(frame.parentElement); });
    window.addEventListener("beforeprint", function () {
      document.querySelectorAll("[data-sk-chart][hidden]").forEach(function (frame) {
        near.unobserve(frame.parentElement);
        draw(frame);
      });
    });
  } else {
    frames.forEach(draw);
  }
})();
