const { URL, URLSearchParams } = require("url");

function describe(text) {
  const url = new URL(text);
  return {
    host: url.hostname,
    port: url.port || (url.protocol === "https:" ? "443" : "80"),
    path: url.pathname.split("/").filter(Boolean),
    query: Object.fromEntries(url.searchParams),
  };
}

function withQuery(text, changes) {
  const [base, query = ""] = text.split("?");
  const params = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) {
      params.delete(name);
    } else {
      params.set(name, value);
    }
  }
  params.sort();
  return `${base}?${params.toString()}`;
}

const link = "https://shop.example/tools/saws?page=2&sort=price";
const info = describe(link);
console.log(info.host, info.port, info.path.length, info.path.join("|"));
console.log(JSON.stringify(info.query));
console.log(withQuery(link, { page: 3, sort: null, q: "a b" }));
