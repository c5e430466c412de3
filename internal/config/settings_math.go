package config

// readMath reads where formulas are found.
func readMath(d *decoder, c *Config, v *value, key string) {
	if s, ok := v.asText(); ok && s == "auto" {
		c.Markup.Math = s
		return
	}
	on := false
	if b, ok := v.asBool(); ok {
		on = b
	} else {
		d.mismatch(v, key, "auto, true or false")
		return
	}
	if c.Markup.Math = "false"; on {
		c.Markup.Math = "true"
	}
}

// readForcedMath reads Relearn's parameter: true finds formulas everywhere,
// false says nothing about those that are found anyway.
func readForcedMath(d *decoder, c *Config, v *value) {
	if v.table != nil {
		if v = v.table.get("force"); v == nil {
			return
		}
	}
	on := false
	if d.boolean(v, "params.math", &on); on {
		c.Markup.Math = "true"
	}
}

// readPassthrough reads the delimiters of Hugo's passthrough extension.
func readPassthrough(d *decoder, c *Config, v *value) {
	const key = "markup.goldmark.extensions.passthrough"
	if v.table == nil {
		d.mismatch(v, key, "a table")
		return
	}
	enabled := false
	if on := v.table.get("enable"); on != nil {
		d.boolean(on, key+".enable", &enabled)
	}
	if !enabled {
		return
	}
	c.Markup.MathInline = readDelimiters(d, v.table.get("delimiters.inline"), key+".delimiters.inline")
	c.Markup.MathDisplay = readDelimiters(d, v.table.get("delimiters.block"), key+".delimiters.block")
}

// readDelimiters reads a list of pairs.
func readDelimiters(d *decoder, v *value, key string) [][2]string {
	if v == nil {
		return nil
	}
	var pairs [][2]string
	for _, item := range v.list {
		var pair []string
		d.texts(item, "each of "+key, &pair)
		if len(pair) != 2 || pair[0] == "" || pair[1] == "" {
			d.warn(item.at, ruleValue, "write it like ['$', '$']", "each of %s must be an opening and a closing mark", key)
			continue
		}
		pairs = append(pairs, [2]string{pair[0], pair[1]})
	}
	return pairs
}
