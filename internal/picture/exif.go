package picture

import (
	"bytes"
	"encoding/binary"
)

// The tags that are looked for; all others are dropped unread.
const (
	tagOrientation = 0x0112
	tagGPS         = 0x8825
)

// readEXIF reads the TIFF structure t: how the picture is turned, and whether
// it says where it was taken. What can't be read says nothing.
func readEXIF(t []byte, info *Info) {
	order, at, ok := tiffStart(t)
	if !ok {
		return
	}
	eachEntry(t, order, at, func(e []byte) {
		switch order.Uint16(e) {
		case tagOrientation:
			if o := int(order.Uint16(e[8:])); o >= 1 && o <= 8 && order.Uint16(e[2:]) == 3 {
				info.Orientation = o
			}
		case tagGPS:
			gps := false
			eachEntry(t, order, int64(order.Uint32(e[8:])), func(g []byte) {
				gps = gps || order.Uint16(g) != 0 // 0 is the version alone
			})
			info.Location = info.Location || gps
		}
	})
}

func tiffStart(t []byte) (binary.ByteOrder, int64, bool) {
	if len(t) < 8 {
		return nil, 0, false
	}
	switch string(t[:4]) {
	case "MM\x00*":
		return binary.BigEndian, int64(binary.BigEndian.Uint32(t[4:])), true
	case "II*\x00":
		return binary.LittleEndian, int64(binary.LittleEndian.Uint32(t[4:])), true
	}
	return nil, 0, false
}

// eachEntry calls f for the entries of the directory at.
func eachEntry(t []byte, order binary.ByteOrder, at int64, f func(e []byte)) {
	if at < 0 || at+2 > int64(len(t)) {
		return
	}
	n := int(order.Uint16(t[at:]))
	rest := t[at+2:]
	for i := 0; i < n && len(rest) >= 12; i++ {
		f(rest[:12])
		rest = rest[12:]
	}
}

// orientationOnly is a TIFF structure that says how a picture is turned and
// nothing else.
func orientationOnly(orientation int) []byte {
	return []byte{
		'M', 'M', 0, '*', 0, 0, 0, 8, // the directory begins at byte 8
		0, 1, // and has one entry:
		tagOrientation >> 8, tagOrientation & 0xff, 0, 3, 0, 0, 0, 1, 0, byte(orientation), 0, 0,
		0, 0, 0, 0, // no further directory
	}
}

// placesInXMP reports whether an XMP packet names a place.
func placesInXMP(b []byte) bool {
	for _, name := range []string{"GPSLatitude", "GPSLongitude", "LocationCreated", "LocationShown", "photoshop:City"} {
		if bytes.Contains(b, []byte(name)) {
			return true
		}
	}
	return false
}
