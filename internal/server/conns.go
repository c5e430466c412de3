package server

import (
	"container/list"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// conns knows the open connections and bounds their number. When there are too
// many, one that waits for its next request makes room, the one that waits longest;
// browsers open another when they need it. Only where all are busy a new one waits.
//
// It also knows those on which no request has come yet: browsers open such ahead
// of time, and http.Server.Shutdown would wait five seconds for each of them.
type conns struct {
	mu     sync.Mutex
	room   sync.Cond
	open   int
	most   int // 0 is no bound
	quiet  *list.List
	at     map[net.Conn]*list.Element
	closed bool // no fresh ones any more
	ended  bool // the listener is closed
}

// quietConn is a connection without a request under way.
type quietConn struct {
	net.Conn
	fresh bool
}

func newConns(most int) *conns {
	c := &conns{most: most, quiet: list.New(), at: map[net.Conn]*list.Element{}}
	c.room.L = &c.mu
	return c
}

// track is told by http.Server what becomes of a connection.
func (c *conns) track(conn net.Conn, state http.ConnState) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if e := c.at[conn]; e != nil {
		c.quiet.Remove(e)
		delete(c.at, conn)
	}
	switch state {
	case http.StateNew, http.StateIdle:
		fresh := state == http.StateNew
		if c.closed && fresh {
			go conn.Close() // which takes the lock
			return
		}
		c.at[conn] = c.quiet.PushBack(quietConn{conn, fresh})
		c.room.Broadcast() // one that can make room
	default:
	}
}

// closeFresh closes the connections without a request, and those that come yet.
func (c *conns) closeFresh() {
	c.mu.Lock()
	c.closed = true
	var fresh []net.Conn
	for e := c.quiet.Front(); e != nil; e = e.Next() {
		if q := e.Value.(quietConn); q.fresh {
			fresh = append(fresh, q.Conn)
		}
	}
	c.mu.Unlock()
	for _, conn := range fresh {
		conn.Close()
	}
}

// number returns how many connections are open.
func (c *conns) number() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.open
}

// enter counts a new connection, when there is room for it.
func (c *conns) enter() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for c.most > 0 && c.open >= c.most {
		if c.ended {
			return false
		}
		e := c.quiet.Front()
		if e == nil {
			c.room.Wait()
			continue
		}
		conn := e.Value.(quietConn).Conn
		c.quiet.Remove(e)
		delete(c.at, conn)
		c.mu.Unlock()
		if t, ok := conn.(*tls.Conn); ok {
			conn = t.NetConn() // without a farewell, which could take its time
		}
		conn.Close()
		c.mu.Lock()
	}
	c.open++
	return true
}

func (c *conns) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open--
	c.room.Signal()
}

// listener bounds the connections of a listener.
type listener struct {
	net.Listener
	conns *conns
}

func (l *listener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	if !l.conns.enter() {
		conn.Close()
		return nil, net.ErrClosed
	}
	leave := sync.OnceFunc(l.conns.leave)
	if t, ok := conn.(*net.TCPConn); ok {
		return &tcpConn{t, leave}, nil
	}
	return &plainConn{conn, leave}, nil
}

func (l *listener) Close() error {
	l.conns.mu.Lock()
	l.conns.ended = true
	l.conns.room.Broadcast()
	l.conns.mu.Unlock()
	return l.Listener.Close()
}

// tcpConn has all methods of a TCP connection, so that the system can copy files to it.
type tcpConn struct {
	*net.TCPConn
	leave func()
}

func (c *tcpConn) Close() error {
	c.leave()
	return c.TCPConn.Close()
}

type plainConn struct {
	net.Conn
	leave func()
}

func (c *plainConn) Close() error {
	c.leave()
	return c.Conn.Close()
}
