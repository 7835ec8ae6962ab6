function score(rolls) {
  let total = 0;
  let at = 0;
  for (let frame = 0; frame < 10; frame++) {
    if (rolls[at] === 10) {
      total += 10 + rolls[at + 1] + rolls[at + 2];
      at += 1;
    } else if (rolls[at] + rolls[at + 1] === 10) {
      total += 10 + rolls[at + 2];
      at += 2;
    } else {
      total += rolls[at] + rolls[at + 1];
      at += 2;
    }
  }
  return total;
}

function parse(text) {
  const rolls = [];
  for (const sign of text.replaceAll(" ", "")) {
    if (sign === "X") rolls.push(10);
    else if (sign === "/") rolls.push(10 - rolls[rolls.length - 1]);
    else rolls.push(sign === "-" ? 0 : parseInt(sign, 10));
  }
  return rolls;
}

const GAMES = ["X X X X X X X X X X X X", "9- 9- 9- 9- 9- 9- 9- 9- 9- 9-", "5/ 5/ 5/ 5/ 5/ 5/ 5/ 5/ 5/ 5/5", "X 7/ 9- X -8 8/ -6 X X X81"];
for (const game of GAMES) {
  console.log(String(score(parse(game))).padStart(4), game.length);
}
