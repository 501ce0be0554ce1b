package normalize

import "errors"

// What is wrong with a payload, for errors.Is. A word that is not mapped is no error.
var (
	// ErrAmount is wrapped by every error of ParseAmount and MinorAmount.
	ErrAmount = errors.New("not an amount")
	// ErrUnreadable says that the payload as a whole is not what the provider sends.
	ErrUnreadable = errors.New("not one strict JSON document of the form the provider sends: compare it with the provider's documentation")
)

// An Error is what could not be read in an authentic message. It says where, and what was expected there, and never
// quotes a value.
type Error struct {
	Provider string
	Pointer  string // RFC 6901; empty for the whole payload
	Err      error
}

func (e *Error) Error() string {
	at := ""
	if e.Pointer != "" {
		at = e.Pointer + ": "
	}
	return "normalize: " + e.Provider + ": " + at + e.Err.Error()
}

// Unwrap returns what is wrong, for errors.Is.
func (e *Error) Unwrap() error { return e.Err }

// An amountError is ErrAmount in precise words. They never quote the input.
type amountError string

const (
	errDecimal       amountError = "not a decimal number"
	errDecimalLength amountError = "not a decimal number of at most 64 bytes"
	errPower         amountError = "not a decimal number with a power of ten from -40 to 40"
	errNegative      amountError = "not an amount of zero or more: the direction belongs to the type of the event"
	errRange         amountError = "not an amount that 64 bits hold in the currency's minor unit"
	errPlaces        amountError = "not an amount with at most 62 decimal places"
	errCurrency      amountError = "not a currency code: want 1 to 16 ASCII letters or digits"
)

func (e amountError) Error() string { return string(e) }

// Unwrap returns ErrAmount.
func (amountError) Unwrap() error { return ErrAmount }
