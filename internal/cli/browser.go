package cli

import (
	"os/exec"
	"runtime"
)

// openBrowser asks the desktop to show url. It does not wait for the browser,
// which stays open when the server ends.
func openBrowser(url string) error {
	var cmd *exec.Cmd
	switch runtime.GOOS {
	case "darwin":
		cmd = exec.Command("open", url)
	case "windows":
		cmd = exec.Command("rundll32", "url.dll,FileProtocolHandler", url)
	default:
		cmd = exec.Command("xdg-open", url)
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }() // it may fail for reasons that are the desktop's own
	return nil
}
