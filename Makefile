# What each target does stands behind its name; versions of tools stand in .ci/run.
FUZZTIME ?= 1m
COUNT    ?= 1
BENCH    ?= .

.DEFAULT_GOAL := help
.PHONY: help test race lint fuzz bench vectors demo tidy ci

help: ## show this text
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

test: ## run the tests
	go test ./...

race: ## run the tests under the race detector, in random order
	go test -race -shuffle=on ./...

lint: ## gofmt, go vet and staticcheck
	.ci/run format vet staticcheck

fuzz: ## fuzz each target for FUZZTIME=1m
	FUZZTIME=$(FUZZTIME) .ci/run fuzz

bench: ## run the benchmarks BENCH=. COUNT=1 times; 10 are right for benchstat
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...

vectors: ## check the files that a second implementation made
	.ci/run vectors

demo: ## deliver every fixture and every fault to a real server
	go run ./testkit/cmd/paynotary demo

tidy: ## format the code and tidy go.mod
	gofmt -w .
	go mod tidy

ci: ## everything
	.ci/run
