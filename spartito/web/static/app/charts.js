// Draws the figures of a page: an element with data-chart="ID" takes its numbers from the JSON script ID.
// The same numbers always stand in a table beside it, which is what screen readers read.
(function () {
  "use strict";
  const shade = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const number = new Intl.NumberFormat(document.documentElement.lang || "it", { maximumFractionDigits: 0 });

  const short = new Intl.NumberFormat(document.documentElement.lang || "it", { notation: "compact", maximumFractionDigits: 1 });

  function colours() {
    const found = [];
    for (let place = 0; place < 8; place += 1) found.push(shade("--shade-" + place) || "#888");
    return found;
  }

  function option(data) {
    const ink = shade("--ink") || "#333";
    const line = shade("--line") || "#ddd";
    const shades = colours();
    return {
      animation: false,
      textStyle: { color: ink, fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 8, right: 36, top: 36, bottom: 4, containLabel: true },
      legend: { type: "scroll", top: 0, left: 0, pageTextStyle: { color: ink }, itemWidth: 12, itemHeight: 12, textStyle: { color: ink } },
      // Rich text instead of HTML: the page's policy allows no inline styles.
      tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, renderMode: "richText", valueFormatter: (v) => number.format(v) },
      xAxis: { type: "value", axisLabel: { color: ink, hideOverlap: true, formatter: (v) => short.format(v) }, splitLine: { lineStyle: { color: line } } },
      yAxis: { type: "category", inverse: true, data: data.groups, axisTick: { show: false }, axisLine: { lineStyle: { color: line } },
        axisLabel: { color: ink, width: window.innerWidth < 640 ? 110 : 220, overflow: "truncate", fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily } },
      series: data.series.map((serie, place) => ({
        name: serie.name, type: "bar", stack: "all", barMaxWidth: 22, cursor: "pointer", data: serie.values,
        itemStyle: { color: shades[Math.min(place, shades.length - 1)] },
      })),
    };
  }

  function draw(box) {
    const source = document.getElementById(box.dataset.chart);
    if (!source || !window.echarts) return;
    const data = JSON.parse(source.textContent);
    box.classList.add("rows-" + Math.min(15, Math.max(3, data.groups.length)));
    const chart = window.echarts.init(box, null, { renderer: "canvas" });
    chart.setOption(option(data));
    chart.on("click", (event) => { const to = data.links && data.links[event.dataIndex]; if (to) window.location = to; });
    window.addEventListener("resize", () => chart.resize());
    new MutationObserver(() => chart.setOption(option(data), true))
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
  }

  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
})();
