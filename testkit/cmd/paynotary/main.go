// Command paynotary shows what the module does, offline.
//
//	paynotary demo    deliver every fixture and every fault to a real server on this machine
//	paynotary help    show this text
//
// Exit codes: 0 if everything is as expected, 1 if something is not, 2 for a command line that cannot be understood.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = `paynotary shows what the module does, offline.

Usage:

	paynotary demo    deliver every fixture and every fault to a real server on this machine
	paynotary help    show this text

Exit codes: 0 if everything is as expected, 1 if something is not, 2 for a command line that cannot be understood.
`

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	switch {
	case len(args) == 1 && args[0] == "demo":
		return demo(stdout, stderr)
	case len(args) == 1 && (args[0] == "help" || args[0] == "-h" || args[0] == "--help"):
		fmt.Fprint(stdout, usage)
		return 0
	}
	fmt.Fprint(stderr, usage)
	return 2
}
