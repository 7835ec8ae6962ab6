// Draws everything once, and again when the window changes between a phone's width and a desk's.
function start() {
  fitness();
  timeline();
  const archive = byId("archive-chart");
  if (data.cells.length) heatMap(archive);
  else if (new Set(points.niche).size > 1) islands(archive);
  if (byId("front-chart")) front(byId("front-chart"));
}
fitnessControls();
treeControls();
compareControls();
tree(false);
start();
window.matchMedia("(max-width: 700px)").addEventListener("change", () => {
  byId("archive-controls").replaceChildren();
  start();
});
document.documentElement.dataset.drawn = "yes";
