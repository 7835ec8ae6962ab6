const original = { name: 'cfg', list: [1, { deep: true }], map: new Map([['k', [1, 2]]]) };
const copy = structuredClone(original);
copy.list[1].deep = false;
copy.map.get('k').push(3);
({ original: original.list[1].deep, copied: copy.list[1].deep, sizes: [original.map.get('k').length, copy.map.get('k').length] });
