(async () => {
  const hits = await search_docs('orders email', 5);
  const texts = await Promise.all(hits.map(h => read_doc(h.id)));
  return hits.map((h, i) => ({ id: h.id, lines: texts[i].split('\n').length }));
})()
