# Functions for the suites of this folder and of crash/; sourced by bash.
# A suite sets: work (a folder of its own). Every check is one line of output.

passed=0 failed=0

# check NAME COMMAND...: runs it in a shell of its own that stops at the first failing command. Lines of
# its output that start with "# " are shown in any case.
check() {
    local name=$1 log="$work/log" started=$SECONDS
    shift
    (set -eu; "$@") >"$log" 2>&1 </dev/null &
    check_pid=$! # a trap can end it: bash runs traps only between commands, or in wait
    wait "$check_pid"
    local code=$?
    check_pid=
    if [ "$code" = 0 ]; then
        passed=$((passed + 1))
        printf 'ok    %s (%d s)\n' "$name" $((SECONDS - started))
        grep -a '^# ' "$log" | cut -c1-200 | sed 's/^/      /'
    else
        failed=$((failed + 1))
        printf 'FAIL  %s (exit %d)\n' "$name" "$code"
        tail -n 15 "$log" | cut -c1-400 | sed 's/^/      | /'
    fi
}

# program NAME COMMAND...: a program that the suite needs; prints its version, and counts as failed when missing.
program() {
    local name=$1 version
    shift
    if ! command -v "$name" >/dev/null; then
        failed=$((failed + 1))
        printf 'FAIL  %s is not installed\n' "$name"
        return 1
    fi
    version=$("$@" 2>&1 </dev/null | grep -m1 '[0-9]')
    printf '#     %s: %s\n' "$name" "$version"
}

summary() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" = 0 ]
}

# wait_port PORT [SECONDS] [PID]: until somebody listens there, or the process has ended.
wait_port() {
    local port=$1 tries=$((${2:-30} * 20)) pid=${3:-}
    while [ "$tries" -gt 0 ]; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 0; fi
        [ -z "$pid" ] || kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.05
        tries=$((tries - 1))
    done
    echo "nobody listens on port $port" >&2
    return 1
}

# start_mansio BASE DATA: sets mansio_pid. Ports: BASE + the well-known one.
start_mansio() {
    local base=$1 data=$2
    "$root/mansio" serve --local="$base" --data "$data" >>"$work/server.log" 2>&1 </dev/null &
    mansio_pid=$!
    wait_port $((base + 25)) 60 "$mansio_pid" && wait_port $((base + 143)) 30 "$mansio_pid" || {
        echo "the server did not start:" >&2
        tail -n 40 "$work/server.log" >&2
        return 1
    }
}

# stop_mansio: asks it to end, and kills it when it has not after 30 seconds.
stop_mansio() {
    local tries=300
    [ -n "${mansio_pid:-}" ] || return 0
    kill "$mansio_pid" 2>/dev/null
    while kill -0 "$mansio_pid" 2>/dev/null && [ "$tries" -gt 0 ]; do
        sleep 0.1
        tries=$((tries - 1))
    done
    kill -9 "$mansio_pid" 2>/dev/null
    wait "$mansio_pid" 2>/dev/null
    mansio_pid=
}

# ports BASE: the ports of a local server as variables for the checks and for mail.py.
ports() {
    export HOST=127.0.0.1 SMTP=$(($1 + 25)) LMTP=$(($1 + 24)) SUBMISSION=$(($1 + 587)) SUBMISSIONS=$(($1 + 465)) \
        IMAP=$(($1 + 143)) IMAPS=$(($1 + 993))
}

mail() { python3 "$here/mail.py" "$@"; }
