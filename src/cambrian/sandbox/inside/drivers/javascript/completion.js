// Bridge, part: from a script's text to an async function that returns the value of its last expression statement.
//
// There is no parser here: the engine itself is asked what it would compile, with the constructor of async functions,
// which compiles without running. From the end backwards, each place where a statement may begin is tried. A place is
// the beginning of the last statement if what stands before it compiles by itself, and what follows compiles as the
// one statement of an `if`. It is an expression if it compiles after `return`.


(core) => {
"use strict";
const { NAMED, charAt, construct, indexOf, native, prototypes, slice, uncurry } = core;
const matches = uncurry(prototypes.exec);
const BLANK = /^\s$/;
const NO_EXPRESSION = /^(?:\{|function\b|class\b|async\s+function\b)/;

function compiles(text) {
  try {
    construct(native.AsyncFunction, [text]);
    return true;
  } catch {
    return false;
  }
}

function compile(code) {
  const text = slice(code, 0, 2) === "#!" ? `//${slice(code, 2)}` : code;
  const whole = construct(native.AsyncFunction, [text + NAMED]); // whose error is the script's
  const literal = objectLiteral(text);
  if (literal) return construct(native.AsyncFunction, [literal + NAMED]);
  const at = lastExpression(text);
  return at < 0 ? whole : construct(native.AsyncFunction, [`${slice(text, 0, at)}return ${slice(text, at)}${NAMED}`]);
}

// A script that is nothing but `{…}` is taken for an object where it can be one, as prompts of JavaScript do.
function objectLiteral(text) {
  const start = skipBlank(text, 0);
  if (charAt(text, start) !== "{") return "";
  const wrapped = `${slice(text, 0, start)}return (${slice(text, start)}\n)`;
  return compiles(wrapped) ? wrapped : "";
}

// Where blanks and comments that begin at `at` end.
function skipBlank(text, at) {
  for (;;) {
    const two = slice(text, at, at + 2);
    if (two === "//" || two === "/*") {
      const end = indexOf(text, two === "//" ? "\n" : "*/", at + 2);
      if (end < 0) return text.length;
      at = end + (two === "//" ? 1 : 2);
    } else if (at < text.length && matches(BLANK, charAt(text, at))) {
      at += 1;
    } else {
      return at;
    }
  }
}

const mayEnd = (sign) => sign === ";" || sign === "\n" || sign === "}" || sign === "/";

// Where the last statement begins, if it is an expression; else -1.
function lastExpression(text) {
  let found = -1;
  let seen = -1;
  for (let at = text.length - 1; at >= 0; at--) {
    if (at && !mayEnd(charAt(text, at - 1))) continue;
    const start = skipBlank(text, at);
    const rest = slice(text, start);
    if (start === seen || start === text.length || charAt(text, start) === ";") continue;
    seen = start;
    if (!isOneStatement(rest)) {
      if (compiles(rest) && isWhole(text, at)) break; // two statements or a declaration: the last one is passed
    } else if (isWhole(text, at)) {
      if (matches(NO_EXPRESSION, rest) || !compiles(`return ${rest}`)) break;
      found = start;
    }
  }
  return found;
}

const isOneStatement = (text) => compiles(`if (0)\n${text}\nelse;`);

// Whether what stands before `at` is a number of whole statements and does not end inside a comment.
function isWhole(text, at) {
  const head = slice(text, 0, at);
  return at === 0 || (compiles(head) && !compiles(`${head} )`));
}

return { __proto__: null, compile };
}
