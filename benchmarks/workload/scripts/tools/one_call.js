await weather('Tokyo')
