package main

import (
	"fmt"

	"github.com/alecthomas/chroma/v2"
	"github.com/alecthomas/chroma/v2/lexers"
)

func main() {
	total := 0
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		rl, ok := l.(*chroma.RegexLexer)
		if !ok {
			fmt.Printf("NOT REGEX %T %s %v\n", l, l.Config().Name, l.Config().Aliases)
			continue
		}
		data, err := chroma.Marshal(rl)
		if err != nil {
			fmt.Printf("NOT SERIAL %s %v: %v\n", l.Config().Name, l.Config().Aliases, err)
			continue
		}
		total += len(data)
	}
	fmt.Println(len(lexers.GlobalLexerRegistry.Lexers), total)
}
