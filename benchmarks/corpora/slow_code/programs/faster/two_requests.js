const later = (value) => new Promise((resolve) => setTimeout(() => resolve(value), 4));

async function widget(number) {
  const title = await later(`widget ${number}`);
  const data = await later([number, number * 2]);
  return { title, data };
}

async function dashboard(count) {
  const widgets = [];
  for (let number = 0; number < count; number += 1) {
    widgets.push(await widget(number));
  }
  return widgets;
}

module.exports = { dashboard };
