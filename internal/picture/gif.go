package picture

import "encoding/binary"

// inspectGIF walks the blocks, as the GIF89a specification has them. A GIF is
// shown as it is, for most move; comments and what programs keep in it go, and
// so does what follows its end.
func inspectGIF(c *cursor, info *Info) (err error) {
	var ps Pieces
	defer func() { info.salvage(ps, err) }()
	head, err := c.take(13, 13)
	if err != nil {
		return err
	}
	info.Width, info.Height = int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	info.Animated = true
	if err := c.skip(colourTable(head[10])); err != nil {
		return err
	}
	ps.keep(0, c.at)
	for {
		start := c.at
		kind, err := c.take(1, 1)
		if err != nil {
			return err
		}
		keep := true
		switch kind[0] {
		case 0x3b: // the end
			ps.keep(start, c.at)
			if !ps.whole(c.size) {
				info.Clean = ps
			}
			return nil
		case 0x2c: // one picture
			err = gifImage(c)
		case 0x21:
			keep, err = gifExtension(c)
		default:
			return broken(GIF, "there is no block at byte %d", start)
		}
		if err != nil {
			return err
		}
		if keep {
			ps.keep(start, c.at)
		}
	}
}

// colourTable returns the length of the table that flags speak of.
func colourTable(flags byte) int64 {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}

func gifImage(c *cursor) error {
	head, err := c.take(9, 9)
	if err != nil {
		return err
	}
	if err := c.skip(colourTable(head[8]) + 1); err != nil { // and the size of its codes
		return err
	}
	_, err = gifBlocks(c)
	return err
}

// gifExtension reports whether an extension is part of the picture: how it is
// drawn, and how often it is repeated.
func gifExtension(c *cursor) (keep bool, err error) {
	label, err := c.take(1, 1)
	if err != nil {
		return false, err
	}
	first, err := gifBlocks(c)
	switch label[0] {
	case 0xf9, 0x01:
		keep = true
	case 0xff:
		keep = string(first) == "NETSCAPE2.0" || string(first) == "ANIMEXTS1.0"
	}
	return keep, err
}

// gifBlocks passes over a chain of blocks and returns the first one's content.
func gifBlocks(c *cursor) (first []byte, err error) {
	for n := 0; ; n++ {
		size, err := c.take(1, 1)
		if err != nil || size[0] == 0 {
			return first, err
		}
		if n == 0 {
			first, err = c.take(int64(size[0]), 255)
		} else {
			err = c.skip(int64(size[0]))
		}
		if err != nil {
			return nil, err
		}
	}
}
