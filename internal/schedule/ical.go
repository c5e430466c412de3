package schedule

func (r *reader) readICalendar() error { return r.foreign() }
