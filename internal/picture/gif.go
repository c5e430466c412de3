package picture

import "encoding/binary"

// inspectGIF reads the size. A GIF holds no EXIF; it is published as it is and
// shown as it is, for most move.
func inspectGIF(c *cursor, info *Info) error {
	head, err := c.take(10, 10)
	if err != nil {
		return err
	}
	info.Width, info.Height = int(binary.LittleEndian.Uint16(head[6:])), int(binary.LittleEndian.Uint16(head[8:]))
	info.Animated = true
	return nil
}
