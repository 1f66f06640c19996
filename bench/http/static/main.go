// A small avatar server in Go's usual shape: net/http, one file per avatar and size, read from disk for each request.
package main

import (
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

func main() {
	tree := os.Args[2]
	http.HandleFunc("/avatar/", func(response http.ResponseWriter, request *http.Request) {
		header := response.Header()
		header.Set("Content-Type", "image/jpeg")
		header.Set("Cache-Control", "public, max-age=300")
		header.Set("Access-Control-Allow-Origin", "*")
		hash := strings.ToLower(filepath.Base(request.URL.Path))
		http.ServeFile(response, request, filepath.Join(tree, "avatar", hash))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
