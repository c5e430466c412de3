package note

import (
	"io"

	"github.com/gohugoio/hugo-goldmark-extensions/extras"
	"github.com/yuin/goldmark"
	emoji "github.com/yuin/goldmark-emoji"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// newMarkdown configures goldmark's parser as Hugo does for the same options.
// Goldmark's renderer is not used: see render.
func newMarkdown(o *Options, alerts bool) parser.Parser {
	md := &extended{cfg: parser.NewConfig()}
	md.AddOptions(
		parser.WithBlockParsers(parser.DefaultBlockParsers()...),
		parser.WithInlineParsers(parser.DefaultInlineParsers()...),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
		parser.WithBlockParsers(util.Prioritized(tokenParser{}, 50)),
	)
	if o.AttributeTitle {
		md.AddOptions(parser.WithAttribute())
	}
	if o.AttributeBlock {
		md.AddOptions(
			parser.WithBlockParsers(util.Prioritized(attributeParser{}, 100)),
			parser.WithASTTransformers(util.Prioritized(attributeTransformer{}, 100)))
	}
	if alerts {
		md.AddOptions(parser.WithParagraphTransformers(util.Prioritized(alertTransformer{}, 50)))
		if triggers := o.mathTriggers(); len(triggers) > 0 {
			md.AddOptions(
				parser.WithBlockParsers(util.Prioritized(mathBlockParser{triggers}, 60)),
				parser.WithInlineParsers(util.Prioritized(mathParser{triggers}, 60)))
		}
	}
	if o.Table {
		// Without goldmark's tree transformer, which is quadratic: codeSpan does
		// what it does.
		md.AddOptions(parser.WithParagraphTransformers(util.Prioritized(tableGuard{extension.NewTableParagraphTransformer()}, 200)))
	}
	if o.Footnote {
		md.AddOptions(
			parser.WithBlockParsers(util.Prioritized(footnoteGuard{extension.NewFootnoteBlockParser()}, 999)),
			parser.WithInlineParsers(util.Prioritized(extension.NewFootnoteParser(), 101)),
			parser.WithASTTransformers(util.Prioritized(extension.NewFootnoteASTTransformer(), 999)))
	}
	for _, e := range []struct {
		on  bool
		ext goldmark.Extender
	}{
		{o.Strikethrough, extension.Strikethrough},
		{o.TaskList, extension.TaskList},
		{o.DefinitionList, extension.DefinitionList},
	} {
		if e.on {
			e.ext.Extend(md)
		}
	}
	if o.Linkify {
		extension.Linkify.Extend(md)
	}
	if o.Typographer {
		extension.NewTypographer(extension.WithTypographicSubstitutions(punctuation(o.TypographerPunctuation))).Extend(md)
	}
	if o.Emoji {
		emoji.Emoji.Extend(md)
	}
	if o.CJK && o.CJKEscapedSpace {
		md.AddOptions(parser.WithEscapedSpace())
	}
	extras.New(extras.Config{
		Superscript: extras.SuperscriptConfig{Enable: o.Superscript},
		Subscript:   extras.SubscriptConfig{Enable: o.Subscript},
		Insert:      extras.InsertConfig{Enable: o.Insert},
		Mark:        extras.MarkConfig{Enable: o.Mark},
		Delete:      extras.DeleteConfig{Enable: o.Delete},
	}).Extend(md)
	guarded(md.cfg)
	return parser.NewParser(md)
}

// punctuation translates Hugo's names of the typographer's marks.
func punctuation(custom map[string]string) extension.TypographicSubstitutions {
	names := map[string]extension.TypographicPunctuation{
		"leftSingleQuote": extension.LeftSingleQuote, "rightSingleQuote": extension.RightSingleQuote,
		"leftDoubleQuote": extension.LeftDoubleQuote, "rightDoubleQuote": extension.RightDoubleQuote,
		"enDash": extension.EnDash, "emDash": extension.EmDash, "ellipsis": extension.Ellipsis,
		"leftAngleQuote": extension.LeftAngleQuote, "rightAngleQuote": extension.RightAngleQuote,
		"apostrophe": extension.Apostrophe,
	}
	out := extension.TypographicSubstitutions{}
	for name, html := range custom {
		if mark, ok := names[name]; ok {
			out[mark] = []byte(html)
		}
	}
	return out
}

// extended is a goldmark.Markdown for extensions to add their parsers to; what
// they add to the renderer is dropped. It is the option, then, that makes a
// parser of what it collected.
type extended struct{ cfg *parser.Config }

func (e *extended) Parser() parser.Parser                                { return e }
func (*extended) Renderer() renderer.Renderer                            { return renderer.NewRenderer() }
func (*extended) SetParser(parser.Parser)                                {}
func (*extended) SetRenderer(renderer.Renderer)                          {}
func (*extended) Convert([]byte, io.Writer, ...parser.ParseOption) error { return nil }

// Parse is not what an extended is for.
func (*extended) Parse(text.Reader, ...parser.ParseOption) ast.Node { return nil }

func (e *extended) AddOptions(opts ...parser.Option) {
	for _, o := range opts {
		o.SetParserOption(e.cfg)
	}
}

// SetParserOption makes cfg what was collected.
func (e *extended) SetParserOption(cfg *parser.Config) { *cfg = *e.cfg }
