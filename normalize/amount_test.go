package normalize_test

import (
	"cmp"
	"encoding/json"
	"math"
	"math/big"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/normalize"
)

func TestParseAmount(t *testing.T) {
	for _, tt := range []struct {
		decimal, currency string
		minor             int64 // -1: ErrAmount
		exponent          uint8
		why               string
	}{
		{"50.05", "EUR", 5005, 2, "the plain case"},
		{"92.00", "EUR", 9200, 2, "zeros within the exponent stay"},
		{"100", "EUR", 10000, 2, "padded up to the exponent"},
		{"1", "EUR", 100, 2, "padded up to the exponent"},
		{"1.3", "BHD", 1300, 3, "padded up to three places"},
		{"1.300", "BHD", 1300, 3, "the same sum is the same amount"},
		{"1.0", "JPY", 1, 0, "trimmed down to no places"},
		{"1.5", "JPY", 15, 1, "finer than the currency, kept"},
		{"1.875", "USD", 1875, 3, "finer than the currency, kept"},
		{"5000", "RUB", 500000, 2, "padded up to the exponent"},
		{"1e2", "EUR", 10000, 2, "a power of ten"},
		{"1.5e-3", "USD", 15, 4, "a negative power of ten"},
		{"1e400", "EUR", -1, 0, "a power beyond 40"},
		{"1e-400", "EUR", -1, 0, "a power beyond -40"},
		{"0e99", "EUR", -1, 0, "a power beyond 40, even of zero"},
		{"9.223372036854775807", "ETH", math.MaxInt64, 18, "the most that 18 places hold"},
		{"92233720368547758.07", "EUR", math.MaxInt64, 2, "the most that two places hold"},
		{"92233720368547758.08", "EUR", -1, 0, "one more"},
		{"9223372036854775807", "EUR", -1, 0, "overflows when padded"},
		{"0.0", "EUR", 0, 2, "zero is stated"},
		{"-0", "EUR", 0, 2, "minus zero is zero"},
		{"-5", "EUR", -1, 0, "the direction is the type's business"},
		{"", "EUR", -1, 0, "no digits"},
		{".5", "EUR", -1, 0, "no digits before the point"},
		{"5.", "EUR", -1, 0, "no digits after the point"},
		{"+5", "EUR", -1, 0, "a leading plus"},
		{" 5", "EUR", -1, 0, "a leading space"},
		{"0x10", "EUR", -1, 0, "hexadecimal"},
		{"1_000", "EUR", -1, 0, "digit separators are Go's, not JSON's"},
		{"NaN", "EUR", -1, 0, "not a number"},
		{"1.000000000000000000", "ETH", 100, 2, "two places where ISO knows no exponent"},
		{"10.123456789012345678", "ETH", -1, 0, "more digits than 64 bits hold"},

		{"50.0500", "EUR", 5005, 2, "equal to 50.05"},
		{"5005e-2", "EUR", 5005, 2, "equal to 50.05"},
		{"1.00", "eur", 100, 2, "codes are put in upper case"},
		{"100", "jpy", 100, 0, "and looked up as such"},
		{"1", "USDT", 100, 2, "a code longer than ISO's"},
		{"1", "1INCH", 100, 2, "digits occur in codes"},
		{"1", "ABCDEFGHIJKLMNOP", 100, 2, "sixteen bytes"},
		{"1", "ABCDEFGHIJKLMNOPQ", -1, 0, "seventeen bytes"},
		{"1", "", -1, 0, "an amount of what?"},
		{"1", "E R", -1, 0, "a space is not part of a code"},
		{"1", "EUR\n", -1, 0, "nor is a line feed"},
		{"1", "\u00c9UR", -1, 0, "nor are letters beyond ASCII"},
		{strings.Repeat("0", 63) + "1", "EUR", 100, 2, "64 bytes"},
		{strings.Repeat("0", 64) + "1", "EUR", -1, 0, "65 bytes"},
		{"1e-40", "EUR", 1, 40, "the smallest power"},
		{"1e000000000000000000000000000000000002", "EUR", 10000, 2, "zeros in the power count for nothing"},
		{"1e99999999999999999999999999999999999", "EUR", -1, 0, "a power that would overflow"},
		{"0.28999999999999999999", "EUR", -1, 0, "more digits than 64 bits hold are not rounded"},
		{"0.29", "EUR", 29, 2, "28 through a truncated float"},
		{"9007199254740993", "JPY", 9007199254740993, 0, "above 2^53, where floats lose the last bit"},
	} {
		t.Run(tt.decimal+" "+tt.currency, func(t *testing.T) {
			a, err := normalize.ParseAmount(tt.decimal, tt.currency)
			if tt.minor < 0 {
				require.ErrorIs(t, err, normalize.ErrAmount, tt.why)
				require.Zero(t, a, tt.why)
				return
			}
			require.NoError(t, err, tt.why)
			require.Equal(t, normalize.Amount{Minor: tt.minor, Exponent: tt.exponent, Currency: strings.ToUpper(tt.currency)}, a, tt.why)
		})
	}
}

// The answers are those of Python's decimal module.
func TestParseAmountKnownAnswers(t *testing.T) {
	file, err := os.ReadFile("testdata/amounts.json")
	require.NoError(t, err)
	var rows []struct {
		Decimal, Currency string
		Want              []int64
	}
	require.NoError(t, json.Unmarshal(file, &rows))
	require.Greater(t, len(rows), 300)
	for _, row := range rows {
		a, err := normalize.ParseAmount(row.Decimal, row.Currency)
		if row.Want == nil {
			require.ErrorIs(t, err, normalize.ErrAmount, "%q %s", row.Decimal, row.Currency)
			continue
		}
		require.NoError(t, err, "%q %s", row.Decimal, row.Currency)
		want := normalize.Amount{Minor: row.Want[0], Exponent: uint8(row.Want[1]), Currency: row.Currency}
		require.Equal(t, want, a, "%q %s", row.Decimal, row.Currency)
	}
}

// Every one of the first million cents, of which a float gets 65,624 wrong.
func TestParseAmountEveryCent(t *testing.T) {
	for n := range int64(1_000_000) {
		text := strconv.FormatInt(n/100, 10) + "." + strconv.FormatInt(n%100+100, 10)[1:]
		a, err := normalize.ParseAmount(text, "EUR")
		if err != nil || a.Minor != n || a.Exponent != 2 || a.Decimal() != text {
			t.Fatalf("ParseAmount(%q) = %#v, %v", text, a, err)
		}
	}
}

func TestAmountErrorsQuoteNothing(t *testing.T) {
	const secret = "4111111111111111"
	for _, in := range [][2]string{
		{secret + "x", "EUR"}, {"-" + secret, "EUR"}, {"1e" + secret, "EUR"}, {secret + secret, "EUR"},
		{strings.Repeat(secret, 5), "EUR"}, {"1", secret + secret}, {"0." + strings.Repeat("0", 57) + "1e-40", "EUR"},
	} {
		_, err := normalize.ParseAmount(in[0], in[1])
		require.ErrorIs(t, err, normalize.ErrAmount)
		require.NotContains(t, err.Error(), "1111", "the input must not be quoted")
		require.True(t, strings.HasPrefix(err.Error(), "not a"), "reads after a place: %s", err)
	}
}

func TestMinorAmount(t *testing.T) {
	for _, tt := range []struct {
		n        int64
		exponent uint8
		currency string
		want     normalize.Amount // zero: ErrAmount
		why      string
	}{
		{100, 2, "EUR", normalize.Amount{Minor: 100, Exponent: 2, Currency: "EUR"}, "the currency's own exponent"},
		{0, 2, "EUR", normalize.Amount{Minor: 0, Exponent: 2, Currency: "EUR"}, "zero is stated"},
		{0, 0, "KWD", normalize.Amount{Minor: 0, Exponent: 3, Currency: "KWD"}, "zero in canonical form"},
		{0, 255, "KWD", normalize.Amount{Minor: 0, Exponent: 3, Currency: "KWD"}, "zero in canonical form"},
		{1000, 2, "ISK", normalize.Amount{Minor: 10, Exponent: 0, Currency: "ISK"}, "a provider that counts krona in hundredths"},
		{1050, 2, "ISK", normalize.Amount{Minor: 105, Exponent: 1, Currency: "ISK"}, "and sends a fraction of one"},
		{5, 0, "BHD", normalize.Amount{Minor: 5000, Exponent: 3, Currency: "BHD"}, "an unscaled integer"},
		{150, 8, "btc", normalize.Amount{Minor: 15, Exponent: 7, Currency: "BTC"}, "finer digits without trailing zeros"},
		{math.MaxInt64, 2, "EUR", normalize.Amount{Minor: math.MaxInt64, Exponent: 2, Currency: "EUR"}, "the most"},
		{math.MaxInt64, 1, "EUR", normalize.Amount{}, "overflows when padded"},
		{1, 62, "EUR", normalize.Amount{Minor: 1, Exponent: 62, Currency: "EUR"}, "the most places that Decimal can print and ParseAmount read"},
		{1, 63, "EUR", normalize.Amount{}, "one place more"},
		{1, 255, "EUR", normalize.Amount{}, "a nonsensical exponent"},
		{-1, 2, "EUR", normalize.Amount{}, "negative"},
		{math.MinInt64, 2, "EUR", normalize.Amount{}, "negative"},
		{1, 2, "", normalize.Amount{}, "no currency"},
	} {
		a, err := normalize.MinorAmount(tt.n, tt.exponent, tt.currency)
		require.Equal(t, tt.want, a, tt.why)
		if (tt.want == normalize.Amount{}) {
			require.ErrorIs(t, err, normalize.ErrAmount, tt.why)
		} else {
			require.NoError(t, err, tt.why)
		}
	}
}

func TestAmountText(t *testing.T) {
	for _, tt := range []struct {
		amount        normalize.Amount
		decimal, text string
		why           string
	}{
		{normalize.Amount{}, "0", "", "not stated"},
		{normalize.Amount{Minor: 5005, Exponent: 2, Currency: "EUR"}, "50.05", "50.05 EUR", "the plain case"},
		{normalize.Amount{Minor: 5, Exponent: 2, Currency: "EUR"}, "0.05", "0.05 EUR", "zeros after the point"},
		{normalize.Amount{Minor: 50, Exponent: 2, Currency: "EUR"}, "0.50", "0.50 EUR", "all digits after the point"},
		{normalize.Amount{Exponent: 2, Currency: "EUR"}, "0.00", "0.00 EUR", "zero"},
		{normalize.Amount{Minor: 12, Currency: "JPY"}, "12", "12 JPY", "no point"},
		{normalize.Amount{Minor: -5, Exponent: 2, Currency: "EUR"}, "-0.05", "-0.05 EUR", "made by hand"},
		{normalize.Amount{Minor: math.MinInt64, Currency: "JPY"}, "-9223372036854775808", "-9223372036854775808 JPY", "made by hand"},
		{normalize.Amount{Minor: 1, Exponent: 255, Currency: "X"}, "0." + strings.Repeat("0", 254) + "1", "0." + strings.Repeat("0", 254) + "1 X", "made by hand"},
	} {
		require.Equal(t, tt.decimal, tt.amount.Decimal(), tt.why)
		require.Equal(t, tt.text, tt.amount.String(), tt.why)
	}
}

func TestAmountAt(t *testing.T) {
	for _, tt := range []struct {
		amount   normalize.Amount
		exponent uint8
		want     int64
		ok       bool
		why      string
	}{
		{normalize.Amount{Minor: 5005, Exponent: 2}, 2, 5005, true, "as it is"},
		{normalize.Amount{Minor: 5005, Exponent: 2}, 4, 500500, true, "finer"},
		{normalize.Amount{Minor: 5000, Exponent: 2}, 0, 50, true, "coarser, and nothing is lost"},
		{normalize.Amount{Minor: 5005, Exponent: 2}, 1, 0, false, "the 5 would be lost"},
		{normalize.Amount{Minor: 1}, 18, 1e18, true, "as fine as 64 bits allow"},
		{normalize.Amount{Minor: 1}, 19, 0, false, "finer than 64 bits allow"},
		{normalize.Amount{Minor: 1}, 255, 0, false, "finer than 64 bits allow"},
		{normalize.Amount{Exponent: 255}, 0, 0, true, "zero is zero everywhere"},
		{normalize.Amount{}, 255, 0, true, "zero is zero everywhere"},
		{normalize.Amount{Minor: math.MaxInt64, Exponent: 255}, 0, 0, false, "all digits would be lost"},
	} {
		got, ok := tt.amount.At(tt.exponent)
		require.Equal(t, tt.ok, ok, tt.why)
		require.Equal(t, tt.want, got, tt.why)
	}
}

func TestAmountCmp(t *testing.T) {
	amount := func(minor int64, exponent uint8) normalize.Amount {
		return normalize.Amount{Minor: minor, Exponent: exponent, Currency: "EUR"}
	}
	_, ok := amount(1, 2).Cmp(normalize.Amount{Minor: 1, Exponent: 2, Currency: "USD"})
	require.False(t, ok, "currencies do not compare")
	_, ok = amount(0, 2).Cmp(normalize.Amount{})
	require.False(t, ok, "zero euros do not compare with what is not stated")

	// All pairs, amounts that are not canonical included, against exact rationals.
	var amounts []normalize.Amount
	for _, minor := range []int64{0, 1, 9, 10, 11, 100, 999, -1, -10, math.MaxInt64, math.MaxInt64 / 10, math.MinInt64} {
		for _, exponent := range []uint8{0, 1, 2, 18, 19, 255} {
			amounts = append(amounts, amount(minor, exponent))
		}
	}
	for _, a := range amounts {
		for _, b := range amounts {
			got, ok := a.Cmp(b)
			require.True(t, ok)
			require.Equal(t, rational(a).Cmp(rational(b)), got, "%#v against %#v", a, b)
		}
	}
}

func rational(a normalize.Amount) *big.Rat {
	return new(big.Rat).SetFrac(big.NewInt(a.Minor), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(a.Exponent)), nil))
}

var grammar = regexp.MustCompile(`^-?[0-9]+(?:\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?$`)

// oracle is ParseAmount by the rules, written with big numbers.
func oracle(decimal string, floor uint8) (minor int64, exponent uint8, ok bool) {
	match := grammar.FindStringSubmatch(decimal)
	if match == nil || len(decimal) > 64 || strings.HasSuffix(decimal, "\n") {
		return 0, 0, false
	}
	if match[1] != "" {
		if power, err := strconv.Atoi(match[1]); err != nil || power < -40 || power > 40 {
			return 0, 0, false
		}
	}
	value, valid := new(big.Rat).SetString(decimal)
	if !valid || value.Sign() < 0 {
		return 0, 0, false
	}
	ten := big.NewRat(10, 1)
	for range floor {
		value.Mul(value, ten)
	}
	for exponent = floor; !value.IsInt(); exponent++ {
		value.Mul(value, ten)
	}
	return value.Num().Int64(), exponent, value.Num().IsInt64() && exponent <= 62
}

func FuzzParseAmount(f *testing.F) {
	for _, seed := range []string{
		"50.05", "-0", "-5", "1.875", "1e2", "1.5e-3", "1e400", "0e99", "9.223372036854775807", "92233720368547758.08",
		".5", "5.", "+5", " 5", "0x10", "1_000", "NaN", "1.000000000000000000", "", "1e", "1e-", "-", "1.2.3", "5\n",
		"0." + strings.Repeat("0", 57) + "1e-5", strings.Repeat("9", 65),
	} {
		f.Add(seed, "EUR")
		f.Add(seed, "JPY")
		f.Add(seed, "ETH")
	}
	f.Fuzz(func(t *testing.T, decimal, currency string) {
		a, err := normalize.ParseAmount(decimal, currency)
		code := regexp.MustCompile(`^[A-Za-z0-9]{1,16}$`).MatchString(currency) && !strings.HasSuffix(currency, "\n")
		floor, listed := normalize.Exponent(currency)
		if !listed {
			floor = 2
		}
		minor, exponent, ok := oracle(decimal, floor)
		if !ok || !code {
			require.ErrorIs(t, err, normalize.ErrAmount)
			require.Zero(t, a)
			return
		}
		require.NoError(t, err)
		require.Equal(t, normalize.Amount{Minor: minor, Exponent: exponent, Currency: strings.ToUpper(currency)}, a)
		require.GreaterOrEqual(t, a.Exponent, floor)
		require.True(t, a.Exponent == floor || a.Minor%10 != 0, "canonical form")

		again, err := normalize.ParseAmount(a.Decimal(), a.Currency)
		require.NoError(t, err, "what Decimal prints can be read")
		require.Equal(t, a, again)
		again, err = normalize.MinorAmount(a.Minor, a.Exponent, a.Currency)
		require.NoError(t, err)
		require.Equal(t, a, again, "the canonical form is a fixed point")
		same, ok := a.At(a.Exponent)
		require.True(t, ok && same == a.Minor)
		order, ok := a.Cmp(again)
		require.True(t, ok && order == 0 && cmp.Compare(a.Minor, 0) >= 0)
	})
}

func TestExponent(t *testing.T) {
	exponent, ok := normalize.Exponent("KWD")
	require.True(t, ok)
	require.Equal(t, uint8(3), exponent)
	_, ok = normalize.Exponent("USDT")
	require.False(t, ok, "not of ISO")
}

func BenchmarkParseAmount(b *testing.B) {
	for _, in := range [][2]string{{"50.05", "EUR"}, {"9.223372036854775807", "ETH"}, {"-" + strings.Repeat("9", 70), "EUR"}} {
		b.Run(in[0][:min(len(in[0]), 20)], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = normalize.ParseAmount(in[0], in[1])
			}
		})
	}
}

func BenchmarkMinorAmount(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = normalize.MinorAmount(12300, 2, "EUR")
	}
}

func BenchmarkExponent(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = normalize.Exponent("KWD")
	}
}

func BenchmarkAmountString(b *testing.B) {
	b.ReportAllocs()
	a := normalize.Amount{Minor: 5005, Exponent: 2, Currency: "EUR"}
	for b.Loop() {
		_ = a.String()
	}
}
