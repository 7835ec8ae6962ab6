// Bridge, last part for engines that are processes of their own: what their loop (loop.js) holds.

return { __proto__: null, core, texts, begin, start, resume, turn, fail };
