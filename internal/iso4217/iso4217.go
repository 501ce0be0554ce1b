// Package iso4217 knows how many decimal places a currency has.
//
// Providers state amounts in minor units, or in decimals that other readers scale to minor units, so a wrong exponent is
// a wrong sum by a factor of ten or more. The table is ISO's; where a provider's own differs, it is kept with the provider.
package iso4217

// The alphabetic codes of list one that have a minor unit, including amendment 180 (published September 2025, in force
// 1 January 2026). Metals, bond units, the SDR and similar accounting units, the test code and the no-currency code have
// none and are left out. The source is list-one.xml of the maintenance agency:
// https://www.six-group.com/dam/download/financial-information/data-center/iso-currrency/lists/list-one.xml
const (
	current = "" +
		"AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD " +
		"CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL " +
		"GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW " +
		"KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD " +
		"NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP " +
		"SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS " +
		"VED VES VND VUV WST XAD XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"

	// withdrawn are codes that went out of use lately. Webhooks are replayed from archives, so they stay known.
	withdrawn = "ANG BGN CUC HRK SLL ZWL"

	// The exponents that are not 2. MGA and MRU are 2 by ISO, although their subunit is one fifth.
	zero  = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
	three = "BHD IQD JOD KWD LYD OMR TND"
	four  = "CLF UYW"
)

const letters = 'Z' - 'A' + 1

// places holds, for each combination of three letters, the exponent plus one; 0 is no currency.
var places = func() (t [letters * letters * letters]uint8) {
	for _, list := range []struct {
		codes    string
		exponent uint8
	}{{current, 2}, {withdrawn, 2}, {zero, 0}, {three, 3}, {four, 4}} {
		for codes := list.codes; codes != ""; codes = codes[min(4, len(codes)):] {
			i, _ := index(codes[:3])
			t[i] = list.exponent + 1
		}
	}
	return t
}()

// Exponent returns the number of decimal places of a currency, and whether the code is one of ISO 4217. The case of the
// letters does not matter.
func Exponent(code string) (exponent uint8, ok bool) {
	i, ok := index(code)
	if !ok || places[i] == 0 {
		return 0, false
	}
	return places[i] - 1, true
}

// index is the place of a code in the table; ok is false for what is not three ASCII letters.
func index(code string) (i int, ok bool) {
	if len(code) != 3 {
		return 0, false
	}
	for n := range 3 {
		letter := code[n] | 0x20 - 'a' // 0x20 is all that tells lower case from upper case in ASCII
		if letter >= letters {
			return 0, false
		}
		i = i*letters + int(letter)
	}
	return i, true
}
