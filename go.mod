module github.com/paynotary/paynotary

go 1.26
