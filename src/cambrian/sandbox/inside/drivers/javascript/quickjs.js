// Bridge, last part for QuickJS: what the driver holds. It calls this function; no name leads a script to it.

return (what, text, more) => {
  if (what === "turn") return turn();
  if (what === "part") texts[text] = more;
  else if (what === "begin") begin(parse(text));
  else if (what === "start") start(text);
  else if (what === "fail") fail(new native.Error(text));
  else resume(parse(text));
  return "";
};
