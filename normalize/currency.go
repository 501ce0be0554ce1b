package normalize

import (
	"strings"

	"github.com/paynotary/paynotary/internal/iso4217"
)

// maxCurrency bounds codes, in bytes. Those of crypto currencies and of a provider's own invention are longer than ISO's.
const maxCurrency = 16

// unknownExponent is the exponent of a currency that ISO 4217 does not list, unless its amounts have more places.
const unknownExponent = 2

// Exponent returns the number of decimal places of a currency by ISO 4217, and whether it is one of the codes listed there
// or withdrawn from it lately; for others it is 0 and false. The case of the letters does not matter.
//
// It says how many places a sum in minor units has only where the provider follows ISO.
func Exponent(currency string) (exponent uint8, ok bool) { return iso4217.Exponent(currency) }

// floorExponent is the least exponent that an Amount in the currency has.
func floorExponent(currency string) uint8 {
	if exponent, ok := Exponent(currency); ok {
		return exponent
	}
	return unknownExponent
}

// currencyCode checks a code and returns it in upper case.
func currencyCode(s string) (string, error) {
	if s == "" || len(s) > maxCurrency {
		return "", errCurrency
	}
	for i := range len(s) {
		if !alphanumeric(s[i]) {
			return "", errCurrency
		}
	}
	return strings.ToUpper(s), nil
}
