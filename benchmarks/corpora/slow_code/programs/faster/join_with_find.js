function withAuthors(books, authors) {
  return books.map((book) => {
    const author = authors.find((each) => each.id === book.author);
    return `${book.title} by ${author ? author.name : "nobody"}`;
  });
}

module.exports = { withAuthors };
