// expect: safe
function highlight(name) {
  const chosen = document.querySelector(`select[name="${name}"] option:checked`);
  const message = "Select " + name + " from the list where you like";
  document.querySelector("#hint").textContent = chosen ? chosen.value : message;
}

highlight(new URLSearchParams(location.search).get("field"));
