package verify_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/verify"
)

// TestReadings compares with an enumeration that tries every way to cut the signed text: testdata/readings.py.
func TestReadings(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "readings.json"))
	require.NoError(t, err)
	var rows []struct {
		Keys               []string
		Token, Order, Want string
		Values             [11]string
		Readings           int
		Forged             bool
	}
	require.NoError(t, json.Unmarshal(text, &rows))
	require.NotEmpty(t, rows)
	for i, row := range rows {
		p := newPraxis(t, func(c *verify.PraxisConfig) {
			c.MerchantID, c.ApplicationKeys = row.Values[0], row.Keys
			c.OrderID = regexp.MustCompile(row.Order)
			if row.Token != "" {
				c.CustomerToken = regexp.MustCompile(row.Token)
			}
		})
		var e eleven
		for j, value := range row.Values {
			switch numeric := j == 2 || j == 5 || j == 7 || j == 10; {
			case value != "" && numeric:
				e[j] = value
			case value != "":
				e[j] = strconv.Quote(value)
			}
		}
		d := e.deliver()
		seconds, err := strconv.ParseInt(row.Values[2], 10, 64)
		require.NoError(t, err)
		d.ReceivedAt = time.Unix(seconds, 0)
		reason := fmt.Sprintf("row %d, %d readings: %s", i, row.Readings, d.Body)
		if row.Want == "ambiguous" {
			refused(t, p, d, verify.ErrAmbiguous, reason)
			continue
		}
		require.Equal(t, row.Want, verified(t, p, d, reason).Assurance.String(), reason)
	}
}

func TestReadingsFile(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil || testing.Short() {
		t.Skip("needs python3 and some seconds")
	}
	output, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "readings.py"), "--check").CombinedOutput()
	require.NoError(t, err, "%s", output)
}

const baseDigest = "0906ca85b1ee0d78b7fc460aface5e0ef4ce57b26bf7483620d2e75b9e877b42ea8a885f781cf799c5d9a524deac84c9"

// TestForgedPairs sends readings of one signed text, all with the signature of the first.
func TestForgedPairs(t *testing.T) {
	base := notification().with(map[int]string{2: "1785493200"})
	require.Equal(t, baseDigest, sha384(base.signed(), testSecret), "the known answer")
	order, withOrder := `"order-1042"`, func(c *verify.PraxisConfig) { c.OrderID = regexp.MustCompile(`order-[0-9]{4}`) }
	for _, row := range []struct {
		reason  string
		changes map[int]string
		// What becomes of it without and with the order id's pattern: an error, or nil for Partial.
		plain, withOrder error
	}{
		{"the message itself", nil, nil, nil},
		{"merchant gives to application", map[int]string{0: `"API-Teste"`, 1: `"rSample_Integration"`}, verify.ErrForeign, verify.ErrForeign},
		{"application gives to merchant", map[int]string{0: `"API-TesterSample"`, 1: `"_Integration"`}, verify.ErrForeign, verify.ErrForeign},
		{"application gives to timestamp", map[int]string{1: `"Sample_Integratio"`, 2: `"n1785493200"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"token gives to timestamp", map[int]string{2: "17854932001", 3: `"3f8a0b9c7d24e15a6b3c8d9e0f1a2b3"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"timestamp gives to token", map[int]string{2: "178549320", 3: `"013f8a0b9c7d24e15a6b3c8d9e0f1a2b3"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"order gives to token", map[int]string{3: `"13f8a0b9c7d24e15a6b3c8d9e0f1a2b3order-"`, 4: `"1042"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"token gives to order", map[int]string{3: `"13f8a0b9c7d24e15a6b3c8d9e0f1a2b"`, 4: `"3order-1042"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"order gives a leading zero to tid", map[int]string{4: `"order-1"`, 5: "042756850"}, verify.ErrMalformed, verify.ErrMalformed},
		{"tid gives to order", map[int]string{4: `"order-104275"`, 5: "6850"}, nil, verify.ErrMalformed},
		{"order gives to tid", map[int]string{4: `"order-10"`, 5: "42756850"}, nil, verify.ErrMalformed},
		{"currency gives to tid", map[int]string{5: `"756850U"`, 6: `"SD"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"amount gives to currency", map[int]string{6: `"USD1"`, 7: "00"}, verify.ErrMalformed, verify.ErrMalformed},
		{"rate gives to amount: ten times as much", map[int]string{7: "1002", 8: `"3.500000"`}, nil, verify.ErrAmbiguous},
		{"amount gives to rate", map[int]string{7: "10", 8: `"023.500000"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"currency gives to rate", map[int]string{8: `"23.500000C"`, 9: `"ZK"`}, verify.ErrMalformed, verify.ErrMalformed},
		{"processed amount gives to currency", map[int]string{9: `"CZK2"`, 10: "350"}, verify.ErrMalformed, verify.ErrMalformed},
		{"the tail in the order id", map[int]string{4: `"order-1042756850USD10023.500000CZK2350"`, 5: "", 6: "", 7: "", 8: "", 9: "", 10: ""}, nil, verify.ErrMalformed},
		{"the pair moved to the front", map[int]string{6: "", 7: "", 8: "", 9: `"USD"`, 10: "10023"}, verify.ErrMalformed, verify.ErrMalformed},
	} {
		e := base.with(row.changes)
		d := praxisDelivery(e.body(), baseDigest)
		d.ReceivedAt = time.Unix(1785493200, 0)
		for name, c := range map[string]struct {
			p    *verify.Praxis
			want error
		}{"without a pattern": {newPraxis(t, nil), row.plain}, "with a pattern": {newPraxis(t, withOrder), row.withOrder}} {
			reason := row.reason + " " + name + " for " + order
			if c.want == nil {
				require.Equal(t, verify.Partial, verified(t, c.p, d, reason).Assurance, reason)
				continue
			}
			refused(t, c.p, d, c.want, reason)
		}
	}
}

// TestReadingsNamed are the examples that the rules were made for.
func TestReadingsNamed(t *testing.T) {
	base := notification()
	tail := func(amount, rate, processed string) map[int]string {
		return map[int]string{7: amount, 8: `"` + rate + `"`, 9: `"CZK"`, 10: processed}
	}
	const partial, hint, malformed = "partial", "hint", "malformed"
	for _, row := range []struct {
		reason  string
		changes map[int]string
		order   string
		want    string
	}{
		{"both readings fit: rate of repeated digits", tail("128761", "11.111010", "1430665"), `order-[0-9]{4}`, hint},
		{"the other one of them", tail("12876", "111.111010", "1430665"), `order-[0-9]{4}`, hint},
		{"both round to the same", tail("20001", "11.110480", "222221"), `order-[0-9]{4}`, hint},
		{"one reading, off by far: the equation never refuses it", tail("1", "1.000000", "99"), `order-[0-9]{4}`, partial},
		{"several, and the equation fits none", tail("125", "11.000000", "99999"), `order-[0-9]{4}`, hint},
		{"off by one minor unit still fits", tail("125", "10.000000", "1251"), `order-[0-9]{4}`, partial},
		{"off by two does not", tail("125", "11.000000", "1377"), `order-[0-9]{4}`, hint},
		{"other exponents are not compared", map[int]string{7: "125", 8: `"11.000000"`, 9: `"JPY"`, 10: "1375"}, `order-[0-9]{4}`, hint},
		{"a rate alone, which can give to the amount", map[int]string{7: "125", 8: `"11.000000"`, 9: "", 10: ""}, `order-[0-9]{4}`, hint},
		{"a rate alone of one digit, and an amount of one", map[int]string{7: "5", 8: `"1.000000"`, 9: "", 10: ""}, `order-[0-9]{4}`, partial},
		{"no rate: only one way to read it", map[int]string{8: "null", 9: "null", 10: "null"}, `order-[0-9]{4}`, partial},
		{"no transaction, and the order cannot hold one", map[int]string{5: "", 6: "", 7: "", 8: "", 9: "", 10: ""}, `order-[0-9]{4}`, partial},
		{"no transaction, and the order looks like one", map[int]string{4: `"A7EUR55"`, 5: "", 6: "", 7: "", 8: "", 9: "", 10: ""}, `[A-Z0-9]+`, hint},
		{"a tail embedded in the order id", map[int]string{4: `"A7EUR55"`, 8: "", 9: "", 10: ""}, `[A-Z0-9]+`, hint},
		{"an order id of any length next to the tid", nil, `order-[0-9]+`, hint},
		{"a pattern that matches part of the order id only", nil, `order-104`, malformed},
		{"alternatives: the whole of one", nil, `order|order-1042`, partial},
		{"alternatives are not anchored one by one", map[int]string{4: `"order-1042x"`}, `order-[0-9]{4}|x`, malformed},
		{"a quoted pattern that is left open", nil, `\Qorder-1042`, partial},
		{"a line end does not end the id", map[int]string{4: `"order-1042\n"`}, `(?m)^order-[0-9]{4}$`, malformed},
	} {
		p := newPraxis(t, func(c *verify.PraxisConfig) { c.OrderID = regexp.MustCompile(row.order) })
		d := base.with(row.changes).deliver()
		if row.want == malformed {
			refused(t, p, d, verify.ErrMalformed, row.reason)
			continue
		}
		require.Equal(t, row.want, verified(t, p, d, row.reason).Assurance.String(), row.reason)
	}
}

// TestReadingsConfig looks at what the configuration has to do with the enumeration.
func TestReadingsConfig(t *testing.T) {
	order := regexp.MustCompile(`order-[0-9]{4}`)
	twice := newPraxis(t, func(c *verify.PraxisConfig) {
		c.OrderID, c.ApplicationKeys = order, []string{"Sample_Integration", "Sample_Integration"}
	})
	one := notification().with(map[int]string{7: "5", 8: `"1.000000"`, 10: "99"})
	require.Equal(t, verify.Partial, verified(t, twice, one.deliver(), "a key listed twice is one reading").Assurance)

	loose := newPraxis(t, func(c *verify.PraxisConfig) { c.OrderID, c.CustomerToken = order, regexp.MustCompile(`[0-9a-z-]*`) })
	longest := notification().with(map[int]string{3: `"` + strings.Repeat("a", 64) + `"`})
	require.Equal(t, verify.Partial, verified(t, loose, longest.deliver(), "a token as long as it may be").Assurance)
	refused(t, loose, notification().with(map[int]string{3: `"` + strings.Repeat("a", 65) + `"`}).deliver(), verify.ErrMalformed,
		"a longer token is not among the readings that are looked at")
	refused(t, loose, notification().with(map[int]string{3: `""`}).deliver(), verify.ErrMalformed, "an empty token")

	many := newPraxis(t, func(c *verify.PraxisConfig) {
		c.OrderID, c.CustomerToken = regexp.MustCompile(`.+`), regexp.MustCompile(`.+`)
	})
	require.Equal(t, verify.Hint, verified(t, many, notification().deliver(), "more readings than are looked at").Assurance)
}
