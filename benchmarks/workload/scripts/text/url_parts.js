const urls = [
  'https://example.com:8443/path/to/page?a=1&b=two&a=3#top',
  'http://sub.example.org/',
];
urls.map(u => {
  const url = new URL(u);
  return { host: url.hostname, port: url.port, path: url.pathname, a: url.searchParams.getAll('a'), hash: url.hash };
})
