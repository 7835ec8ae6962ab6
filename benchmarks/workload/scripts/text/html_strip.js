const html = '<div class="x"><h1>Title &amp; more</h1><p>Some <b>bold</b> text.</p><script>alert(1)</script><a href="/a?b=1">link</a></div>';
const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };
const text = html
  .replace(/<script[^>]*>[\s\S]*?<\/script>/gi, '')
  .replace(/<\/?(h\d|p|div)[^>]*>/g, '\n')
  .replace(/<[^>]+>/g, '')
  .replace(/&\w+;/g, e => entities[e] ?? e)
  .split('\n')
  .map(s => s.trim())
  .filter(Boolean);
const links = [...html.matchAll(/href="([^"]+)"/g)].map(m => m[1]);
({ text, links })
