package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/paynotary/paynotary/middleware"
	"github.com/paynotary/paynotary/normalize"
	"github.com/paynotary/paynotary/verify"
)

var header = []string{"PROVIDER", "DELIVERY", "VERDICT", "STATUS", "EVENT", "AMOUNT", "EFFECT", "REPLY ACCEPTED"}

// A row is one delivery and what came of it.
type row struct {
	cells     []string
	outcome   verify.Outcome
	surprises []string
}

func newRow(provider, name string, report middleware.Report, handled []normalize.Event, accepted bool) row {
	verdict := report.Outcome.String()
	switch {
	case isDuplicate(report):
		verdict = "duplicate"
	case report.Outcome == verify.Refused:
		verdict += ": " + string(report.Reason)
	case report.Reason != "":
		verdict += ", " + string(report.Reason)
	}
	event, amount := "-", "-"
	if len(report.Events) > 0 {
		event = report.Events[0].Name
	}
	if n := len(report.Events); n > 1 {
		event += fmt.Sprintf(" +%d", n-1)
	}
	if len(handled) > 0 && handled[0].Amount != (normalize.Amount{}) {
		amount = handled[0].Amount.String()
	}
	return row{
		cells:   []string{provider, name, verdict, fmt.Sprint(report.Status), event, amount, yesNo(len(handled) > 0), yesNo(accepted)},
		outcome: report.Outcome,
	}
}

// expect notes a surprise if the two differ.
func (r *row) expect(what string, want, got any) {
	if want != got {
		r.surprises = append(r.surprises, fmt.Sprintf("%s: want %v, got %v", what, want, got))
	}
}

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// printTable aligns the rows; on a terminal, what is accepted is green, what is refused yellow, and a surprise red.
func printTable(w io.Writer, rows []row) {
	widths := make([]int, len(header))
	for i, title := range header {
		widths[i] = len(title)
		for _, r := range rows {
			widths[i] = max(widths[i], utf8.RuneCountInString(r.cells[i]))
		}
	}
	colours := isTerminal(w)
	printLine(w, header, widths, "\x1b[1m", colours)
	for _, r := range rows {
		colour := "\x1b[33m"
		switch {
		case len(r.surprises) > 0:
			colour = "\x1b[31m"
		case r.outcome == verify.Accepted:
			colour = "\x1b[32m"
		}
		printLine(w, r.cells, widths, colour, colours)
		for _, s := range r.surprises {
			fmt.Fprintln(w, "  SURPRISE", s)
		}
	}
}

func printLine(w io.Writer, cells []string, widths []int, colour string, colours bool) {
	var line strings.Builder
	for i, cell := range cells {
		fmt.Fprintf(&line, "%-*s  ", widths[i], cell)
	}
	text := strings.TrimRight(line.String(), " ")
	if colours {
		text = colour + text + "\x1b[0m"
	}
	fmt.Fprintln(w, text)
}

// isTerminal reports whether colours make sense. NO_COLOR is the convention of https://no-color.org.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
