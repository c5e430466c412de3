package note

import (
	"strings"
	"testing"
)

const pets = `openapi: 3.0.0
info: {title: Pets, version: 1.0.2, description: "About *pets*.\n\nMore."}
servers:
  - url: https://pets.example.org/v1
tags: [{name: pet}, {name: store}]
paths:
  /pets/{id}:
    get: {tags: [pet], summary: Find a <pet>, responses: {200: {description: ok}}}
    delete: {tags: [pet], deprecated: true, operationId: deletePet}
  /orders:
    post: {tags: [store], description: "Place an order.\n\nNow."}
  /health:
    get: {}
`

const petsTable = `<p>About <em>pets</em>.</p>
<p><code>https://pets.example.org/v1</code></p>
<p class="api-tag"><strong>pet</strong></p>
<div class="table-wrap" tabindex="0" role="group" aria-label="pet"><table><thead><tr><th>Method</th><th>Path</th><th>Summary</th></tr></thead>
<tbody>
<tr><td><span class="api-method tint tint-blue">GET</span></td><td><code>/pets/{id}</code></td><td>Find a &lt;pet&gt;</td></tr>
<tr><td><span class="api-method tint tint-red">DELETE</span></td><td><code class="api-old">/pets/{id}</code></td><td>deletePet (deprecated)</td></tr>
</tbody></table></div>
<p class="api-tag"><strong>store</strong></p>
<div class="table-wrap" tabindex="0" role="group" aria-label="store"><table><thead><tr><th>Method</th><th>Path</th><th>Summary</th></tr></thead>
<tbody>
<tr><td><span class="api-method tint tint-green">POST</span></td><td><code>/orders</code></td><td>Place an order.</td></tr>
</tbody></table></div>
<div class="table-wrap" tabindex="0" role="group" aria-label="Operations"><table><thead><tr><th>Method</th><th>Path</th><th>Summary</th></tr></thead>
<tbody>
<tr><td><span class="api-method tint tint-blue">GET</span></td><td><code>/health</code></td><td></td></tr>
</tbody></table></div>
</div>
`

func TestOpenAPI(t *testing.T) {
	files := map[string]string{
		"content/pets.yaml": pets, "content/none.yaml": "a: b\n", "content/bad.json": `{"openapi": `, "content/empty.json": "",
		"content/old.json":  `{"swagger": "2.0", "info": {"title": "Old"}, "host": "example.org", "basePath": "/v2", "paths": {"/x": {"get": {"summary": "S"}}, "/y": {"$ref": "#/z"}, "/n": null}}`,
		"content/deep.yaml": "openapi: " + strings.Repeat("[", 5000), "content/bomb.yaml": "openapi: 3\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
		"content/deep.json": `{"openapi": "3", "x": ` + strings.Repeat("[", 200_000) + "}", "content/huge.json": `{"openapi": "3"}` + strings.Repeat(" ", maxSpec),
	}
	link := `<p><strong>Pets</strong> 1.0.2 <a href="pets.yaml">Specification</a></p>` + "\n"
	for text, want := range map[string]string{
		`{{< openapi src="pets.yaml" >}}`:                        "<div class=\"api\">\n" + link + petsTable,
		`{{% swagger "pets.yaml" /%}}`:                           "<div class=\"api\">\n" + link + petsTable,
		"```openapi\n" + pets + "```":                            "<div class=\"api\">\n<p><strong>Pets</strong> 1.0.2 </p>\n" + petsTable,
		"{{< openapi >}}\n" + pets + "{{< /openapi >}}":          "<div class=\"api\">\n<p><strong>Pets</strong> 1.0.2 </p>\n" + petsTable,
		`{{< openapi src="https://example.org/openapi.json" >}}`: "<div class=\"api\">\n<p><a href=\"https://example.org/openapi.json\">https://example.org/openapi.json</a></p>\n</div>\n",
		`{{< openapi src="old.json" >}}`:                         "<div class=\"api\">\n<p><strong>Old</strong>  <a href=\"old.json\">Specification</a></p>\n<p><code>example.org/v2</code></p>\n<div class=\"table-wrap\" tabindex=\"0\" role=\"group\" aria-label=\"Operations\"><table><thead><tr><th>Method</th><th>Path</th><th>Summary</th></tr></thead>\n<tbody>\n<tr><td><span class=\"api-method tint tint-blue\">GET</span></td><td><code>/x</code></td><td>S</td></tr>\n</tbody></table></div>\n</div>\n",
		`{{< openapi src="missing.json" >}}`:                     "<div class=\"api\">\n<p><a href=\"missing.json\">missing.json</a></p>\n</div>\n",
	} {
		n := including(text, files)
		if got := string(fill(n)); got != want || len(n.Diags) > 0 {
			t.Errorf("%s\n got %s\nwant %s\nfindings %v", text, got, want, n.Diags)
		}
	}
	for _, bad := range []string{"none.yaml", "bad.json", "empty.json", "deep.yaml", "bomb.yaml", "deep.json", "huge.json"} {
		n := including(`{{< openapi src="`+bad+`" >}}`, files)
		if len(n.Diags) != 1 || !strings.Contains(string(fill(n)), `<a href="`+bad+`">`) {
			t.Errorf("%s: findings %v in %s", bad, n.Diags, fill(n))
		}
	}
	for _, text := range []string{"{{< openapi >}}", "{{< openapi >}}\nx\n{{< /openapi >}}"} {
		if n := including(text, files); len(n.Diags) != 1 {
			t.Errorf("%s: findings %v", text, n.Diags)
		}
	}
}

// FuzzSpec reads any description.
func FuzzSpec(f *testing.F) {
	f.Add([]byte(pets), "yaml")
	f.Add([]byte(`{"swagger": 2, "paths": {"/": {"get": {"tags": [1]}}}}`), "json")
	f.Fuzz(func(t *testing.T, data []byte, ext string) {
		if s, ok := readSpec(data, "."+ext); !ok && (s.title != "" || s.groups != nil) {
			t.Error("what is no description has operations")
		}
	})
}
