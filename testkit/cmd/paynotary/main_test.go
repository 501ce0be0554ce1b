package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/testkit"
	"github.com/paynotary/paynotary/verify"
)

func TestDemo(t *testing.T) {
	var out, errs bytes.Buffer
	require.Equal(t, 0, run([]string{"demo"}, &out, &errs), "%s%s", out.String(), errs.String())
	require.Empty(t, errs.String())
	require.NotContains(t, out.String(), "SURPRISE")
	require.NotContains(t, out.String(), "\x1b", "colours in what is no terminal")
	require.Contains(t, out.String(), " 0 surprises\n")

	lines := strings.Split(out.String(), "\n")
	for _, s := range testkit.All() {
		for _, name := range append(s.Fixtures(), "payment_succeeded again") {
			require.True(t, containsRow(lines, s.Provider(), name, "200"), "%s %s", s.Provider(), name)
		}
		for _, fault := range s.Faults() {
			require.True(t, containsRow(lines, s.Provider(), "payment_succeeded "+string(fault), "401"), "%s %s", s.Provider(), fault)
		}
	}
	status := strings.Index(lines[0], "STATUS")
	for _, line := range lines[1:] {
		if line == "" {
			break
		}
		require.Equal(t, "  ", line[status-2:status], "the columns are not aligned: %s", line)
	}
}

func containsRow(lines []string, words ...string) bool {
	for _, line := range lines {
		fields := strings.Join(strings.Fields(line), " ") + " "
		if strings.HasPrefix(fields, words[0]+" "+words[1]+" ") && strings.Contains(fields, " "+words[2]+" ") {
			return true
		}
	}
	return false
}

// TestDemoNoticesSurprises plays a provider whose secret is not the one the endpoint knows.
func TestDemoNoticesSurprises(t *testing.T) {
	s, err := newStage([]*testkit.Sender{testkit.Praxis()})
	require.NoError(t, err)
	defer s.server.Close()
	r, err := s.deliver(testkit.Praxis(), "payment_succeeded", expectation{outcome: verify.Accepted, effect: true},
		testkit.WithSecret(verify.NewSecret("of-somebody-else")))
	require.NoError(t, err)
	require.NotEmpty(t, r.surprises)
	var out bytes.Buffer
	printTable(&out, []row{r})
	require.Contains(t, out.String(), "SURPRISE outcome: want accepted, got refused")
}

func TestUsage(t *testing.T) {
	for _, args := range [][]string{nil, {"unknown"}, {"demo", "more"}} {
		var errs bytes.Buffer
		require.Equal(t, 2, run(args, io.Discard, &errs), args)
		require.Equal(t, usage, errs.String())
	}
	var out bytes.Buffer
	require.Equal(t, 0, run([]string{"help"}, &out, io.Discard))
	require.Equal(t, usage, out.String())
}
