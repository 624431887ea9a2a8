# What `make` alone prints: the Makefile's headings and commands with what they do, in lines of at most 100 characters.
BEGIN { FS = ":.*## " }
/^##@ / { printf "\n%s\n", substr($0, 5) }
/^[a-z0-9-]+:.*## / {
  line = sprintf("  make %-13s", $1)
  count = split($2, words, " ")
  for (place = 1; place <= count; place++) {
    if (length(line " " words[place]) > 100) {
      print line
      line = sprintf("%20s", "")
    }
    line = line " " words[place]
  }
  print line
}
