# Sourced by ./test: adds up the reports that the test runners write.

passed=0 failed=0 skipped=0

# count NAME OUT STATUS PARTIAL: adds one project's report; prints its log when something is wrong.
# A project may find no test only in a partial run (--quick or with a filter).
count() {
    local name=$1 out=$2 status=$3 partial=$4 line ran=0 well=0 badly=0 left=0
    if [[ -f $out/$name.xml ]] && line=$(grep -m1 -o '<assembly [^>]*>' "$out/$name.xml"); then
        ran=$(attribute total "$line")
        well=$(attribute passed "$line")
        badly=$(($(attribute failed "$line") + $(attribute errors "$line")))
        left=$(($(attribute skipped "$line") + $(attribute not-run "$line")))
    fi

    if ((ran == 0 && badly == 0)); then
        [[ $partial && ($status == 0 || $status == 8) ]] && return
        say "$name ran no test (exit code $status)."
        badly=1
    elif ((status != 0 && badly == 0)); then
        say "$name ended with exit code $status."
        badly=1
    fi

    passed=$((passed + well)) failed=$((failed + badly)) skipped=$((skipped + left))
    if ((badly + left)); then
        cat "$out/$name.log"
    fi
    printf '%-32s %5d passed %3d failed %3d skipped  %8ss\n' "$name" "$well" "$badly" "$left" "$(attribute time "${line:-}")"
}

attribute() {
    local value
    value=$(grep -o " $1=\"[^\"]*\"" <<<"$2" | head -n1 | cut -d'"' -f2) || true
    printf '%s' "${value:-0}"
}

verdict() {
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    ((passed > 0 && failed == 0 && skipped == 0))
}
