package server

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// tooLong is when a test gives up; nothing is expected to take nearly so long.
const tooLong = 20 * time.Second

// allText holds every byte sequence that the site of pages may answer with.
var allText = func() []byte {
	var b []byte
	for _, text := range pages {
		b = append(append(b, text...), 0)
	}
	return b
}()

func requestText(target string) string {
	return "GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
}

func newRequestReader(target string) *bufio.Reader {
	return bufio.NewReader(strings.NewReader(requestText(target)))
}

// rawGet asks for target as it stands, which an http.Client would not.
func rawGet(t testing.TB, addr, target string) answer {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, requestText(target)); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{resp, string(body)}
}
