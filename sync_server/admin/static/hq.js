"use strict";
// Draws the hours of the day from the figures that stand in the page.
document.addEventListener("DOMContentLoaded", () => {
  const canvas = document.getElementById("hours");
  if (!canvas) return;
  const hours = JSON.parse(canvas.dataset.hours);
  const bars = (label, key, color) => ({ label, data: hours.map((hour) => hour[key]), backgroundColor: color, borderRadius: 4 });
  new Chart(canvas, {
    type: "bar",
    data: {
      labels: hours.map((hour) => hour.label),
      datasets: [
        bars(canvas.dataset.redemptions, "redemptions", "#1f5eff"),
        bars(canvas.dataset.receipts, "receipts", "#5fcf98"),
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      plugins: { legend: { position: "right" } },
      scales: { y: { beginAtZero: true, ticks: { precision: 0 } }, x: { grid: { display: false } } },
    },
  });
});
