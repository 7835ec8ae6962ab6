function inbox(mails, blocked) {
  return mails.filter((mail) => !blocked.includes(mail.from)).map((mail) => mail.from);
}

module.exports = { inbox };
