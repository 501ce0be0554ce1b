package paynotary_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/paynotary/paynotary/fixtures"
	"github.com/paynotary/paynotary/testkit"
)

// The tests in this file check what keeps the rooms apart, and the providers alike.

const (
	modulePath = "github.com/paynotary/paynotary/"
	jsonPath   = "github.com/go-json-experiment/json/jsontext"
	maxLines   = 450
)

// arrows are what each room may import of this module. A room that is not listed may import nothing of it.
var arrows = map[string][]string{
	"verify":     {"internal/strictjson", "internal/secret", "internal/iso4217"},
	"normalize":  {"verify", "internal/strictjson", "internal/iso4217"},
	"middleware": {"verify", "normalize"},
	"testkit":    {"verify", "normalize", "middleware", "fixtures", "internal/strictjson", "internal/secret", "internal/iso4217"},
	"testkit/cmd/paynotary": {
		"testkit", "verify", "normalize", "middleware", "fixtures", "internal/strictjson", "internal/secret", "internal/iso4217",
	},
}

// libraries are the rooms that may import something beside the standard library and this module. All others, and with
// them what a program links that receives webhooks, have the JSON tokenizer and nothing else.
var libraries = map[string]bool{"testkit": true, "testkit/cmd/paynotary": true}

// A goFile is a file of the root module that is no test.
type goFile struct {
	path, room string
	syntax     *ast.File
	lines      int
}

// goFiles returns the files of the root module that are no tests.
func goFiles(t *testing.T) (files []goFile, set *token.FileSet) {
	set = token.NewFileSet()
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		p = filepath.ToSlash(p)
		if d.IsDir() {
			nested, _ := filepath.Glob(filepath.Join(p, "go.mod"))
			hidden := strings.HasPrefix(d.Name(), ".") || strings.HasPrefix(d.Name(), "_") || d.Name() == "testdata"
			if p != "." && (hidden || len(nested) > 0) {
				return fs.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") || strings.HasSuffix(p, "_test.go") {
			return nil
		}
		text := read(t, p)
		syntax, err := parser.ParseFile(set, p, text, parser.SkipObjectResolution)
		files = append(files, goFile{p, path.Dir(p), syntax, strings.Count(text, "\n")})
		return err
	})
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files, set
}

func (f goFile) imports(t *testing.T) (paths []string) {
	for _, i := range f.syntax.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		require.NoError(t, err)
		paths = append(paths, p)
	}
	return paths
}

// selected calls visit for every "name.X" where name is the package of the given import path.
func (f goFile) selected(importPath string, visit func(*ast.SelectorExpr)) {
	name := ""
	for _, i := range f.syntax.Imports {
		if i.Path.Value == strconv.Quote(importPath) {
			if name = path.Base(importPath); i.Name != nil {
				name = i.Name.Name
			}
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok && name != "" {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == name {
				visit(s)
			}
		}
		return true
	})
}

func TestImports(t *testing.T) {
	files, _ := goFiles(t)
	var tokenizers []string
	for _, f := range files {
		for _, p := range f.imports(t) {
			within, ours := strings.CutPrefix(p, modulePath)
			domain, _, _ := strings.Cut(p, "/")
			switch {
			case ours && !slices.Contains(arrows[f.room], within):
				t.Errorf("%s imports %s: it may import %q of this module; move the code to the room that may, or change the table \"Rooms\" of CONTRIBUTING.md first",
					f.path, within, arrows[f.room])
			case p == jsonPath:
				tokenizers = append(tokenizers, f.path)
			case !ours && strings.Contains(domain, ".") && !libraries[f.room]:
				t.Errorf("%s imports %s: this room has no dependencies but the JSON tokenizer; see \"Dependencies\" in CONTRIBUTING.md", f.path, p)
			}
			if p == "C" || p == "unsafe" {
				t.Errorf("%s imports %s: write it without, this module builds everywhere and is memory-safe", f.path, p)
			}
		}
	}
	if len(tokenizers) != 1 {
		t.Errorf("%v import %s: let exactly one file of internal/strictjson do so, since the import path changes with the standard library", tokenizers, jsonPath)
	}
}

func TestForbiddenWords(t *testing.T) {
	files, set := goFiles(t)
	for _, f := range files {
		if f.lines > maxLines {
			t.Errorf("%s has %d lines: split it by subject, %d are the most", f.path, f.lines, maxLines)
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s has a function init: make what it does a value, a constructor or an argument", set.Position(fn.Pos()))
			}
		}
		if f.room != "verify" && f.room != "normalize" {
			continue
		}
		f.selected("time", func(s *ast.SelectorExpr) {
			switch s.Sel.Name {
			case "Now", "Since", "Until", "After", "Sleep", "NewTimer", "NewTicker", "AfterFunc", "Tick":
				t.Errorf("%s uses time.%s: there is no clock in this room, take the time as an argument (Delivery.ReceivedAt, Receipt.At)",
					set.Position(s.Pos()), s.Sel.Name)
			}
		})
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				switch id.Name {
				case "float64", "float32", "ParseFloat", "Float64", "SetFloat64":
					t.Errorf("%s uses %s: money and ids never pass through floating point, work on the digits", set.Position(id.Pos()), id.Name)
				}
			}
			return true
		})
	}
}

// providers returns every name that some room has something for.
func providers(t *testing.T, files []goFile) []string {
	names := make(map[string]bool)
	for _, name := range fixtures.Providers() {
		names[name] = true
	}
	for _, s := range testkit.All() {
		names[s.Provider()] = true
	}
	marks := map[string]string{"verify": "Verify", "normalize": "Normalize"}
	for _, f := range files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == marks[f.room] {
				names[strings.TrimSuffix(path.Base(f.path), ".go")] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// headings are the declarations that the same-named files of a room have in common, in order; * stands for the provider's
// name in Go.
var headings = map[string][]string{
	"verify":    {"*Config", "*", "New*", "*.Provider", "*.Limits", "*.Verify", "*.Ack", "*.Read"},
	"normalize": {"*", "*.Provider", "*.Normalize"},
	"testkit":   {"*"},
}

func TestProviders(t *testing.T) {
	files, _ := goFiles(t)
	byPath := make(map[string]goFile)
	for _, f := range files {
		byPath[f.path] = f
	}
	_, table, found := strings.Cut(read(t, "README.md"), "## Providers\n")
	require.True(t, found, "README.md has no section \"## Providers\": the table of providers stands there")
	table, _, _ = strings.Cut(table, "\n## ")
	var rows []string
	for _, s := range testkit.All() {
		rows = append(rows, s.Provider())
	}
	for _, p := range providers(t, files) {
		t.Run(p, func(t *testing.T) {
			if len(fixtures.Names(p)) == 0 {
				t.Errorf("fixtures/%s has no payloads: add them as CONTRIBUTING.md says", p)
			}
			if n := len(slices.DeleteFunc(slices.Clone(rows), func(r string) bool { return r != p })); n != 1 {
				t.Errorf("testkit.All() has %d senders for it: add one line", n)
			}
			if n := len(regexp.MustCompile("(?m)^\\|[^|]*`"+p+"`[^|]*\\|").FindAllString(table, -1)); n != 1 {
				t.Errorf("the table in README.md has %d rows for it: add one, with `%s` in its first column", n, p)
			}
			if !strings.Contains(strings.ToLower(read(t, "CHANGELOG.md")), p) {
				t.Error("CHANGELOG.md does not name it: add a line")
			}
			for room, want := range headings {
				f, ok := byPath[room+"/"+p+".go"]
				if !ok {
					t.Errorf("there is no %s/%s.go: what this room knows of a provider is in the file of its name", room, p)
					continue
				}
				checkHeadings(t, f, p, want)
			}
		})
	}
}

// checkHeadings compares the declarations of a provider's file with those that all of them have.
func checkHeadings(t *testing.T, f goFile, provider string, want []string) {
	name := goName(f, provider)
	if name == "" {
		t.Errorf("%s declares nothing called %s, in whatever letter case: a provider's type or sender has its name", f.path, provider)
		return
	}
	var have []string
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok {
					have = append(have, s.Name.Name)
				}
			}
		case *ast.FuncDecl:
			have = append(have, receiver(d)+d.Name.Name)
		}
	}
	last := -1
	for _, h := range want {
		h = strings.ReplaceAll(h, "*", name)
		i := slices.Index(have, h)
		switch {
		case i < 0:
			t.Errorf("%s has no %s: the files of a room have the same headings", f.path, h)
		case i < last:
			t.Errorf("%s: %s stands before %s: put the headings in the order %v, with %s for *", f.path, h, have[last], want, name)
		default:
			last = i
		}
	}
}

// goName returns how the provider is called in Go, e.g. "PXP".
func goName(f goFile, provider string) string {
	for _, d := range f.syntax.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			for _, s := range d.Specs {
				if s, ok := s.(*ast.TypeSpec); ok && strings.EqualFold(s.Name.Name, provider) {
					return s.Name.Name
				}
			}
		case *ast.FuncDecl:
			if d.Recv == nil && d.Name.IsExported() && strings.EqualFold(d.Name.Name, provider) {
				return d.Name.Name
			}
		}
	}
	return ""
}

// receiver returns "T." for a method of T or *T.
func receiver(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name + "."
	}
	return "?."
}

// TestIndependentSigners checks that what signs test deliveries has nothing from what verifies them: a mistake must be made
// twice to stay unseen.
func TestIndependentSigners(t *testing.T) {
	files, set := goFiles(t)
	functions := make(map[string]bool) // of package verify
	for _, f := range files {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && f.room == "verify" && fn.Recv == nil {
				functions[fn.Name.Name] = true
			}
		}
	}
	require.True(t, functions["NewSecret"])
	for _, p := range providers(t, files) {
		i := slices.IndexFunc(files, func(f goFile) bool { return f.path == "testkit/"+p+".go" })
		if i < 0 {
			continue // TestProviders says so
		}
		f := files[i]
		allowed := []string{"NewSecret", "New" + goName(f, p)}
		f.selected(modulePath+"verify", func(s *ast.SelectorExpr) {
			if functions[s.Sel.Name] && !slices.Contains(allowed, s.Sel.Name) {
				t.Errorf("%s calls verify.%s: write the sender's own, only %q may be shared", set.Position(s.Pos()), s.Sel.Name, allowed)
			}
		})
		f.selected(modulePath+"internal/strictjson", func(s *ast.SelectorExpr) {
			if s.Sel.Name != "Set" {
				t.Errorf("%s uses strictjson.%s: it may edit payloads with Set, and reads what it signs with encoding/json",
					set.Position(s.Pos()), s.Sel.Name)
			}
		})
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok && (s.Sel.Name == "Verify" || s.Sel.Name == "Ack") {
				t.Errorf("%s uses a method %s: a sender judges replies by itself", set.Position(s.Pos()), s.Sel.Name)
			}
			return true
		})
		if slices.Contains(f.imports(t), modulePath+"internal/secret") {
			t.Errorf("%s imports internal/secret: Sign and CheckReply are given the secret", f.path)
		}
	}
}

// TestNoSwitchOnProvider checks that a provider's name stands in its own files alone.
func TestNoSwitchOnProvider(t *testing.T) {
	files, set := goFiles(t)
	names := providers(t, files)
	for _, f := range files {
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			c, ok := n.(*ast.CaseClause)
			if !ok {
				return true
			}
			for _, e := range c.List {
				if l, ok := e.(*ast.BasicLit); ok && slices.Contains(names, strings.Trim(l.Value, "`\"")) {
					t.Errorf("%s switches on the provider %s: put what differs into the provider's own file", set.Position(l.Pos()), l.Value)
				}
			}
			return true
		})
	}
}

// TestNestedModules checks that the commands of the root never depend on the modules below it.
func TestNestedModules(t *testing.T) {
	for _, f := range []string{"go.work", "go.work.sum"} {
		if found, _ := filepath.Glob(f); len(found) > 0 {
			t.Errorf("there is a %s: remove it, nested modules name the root by a replace directive", f)
		}
	}
	if mod := read(t, "go.mod"); strings.Contains(mod, "replace ") || strings.Contains(mod, "\ntoolchain ") {
		t.Error("go.mod has a replace or toolchain line: the root module is used as a dependency, where neither holds")
	}
}
