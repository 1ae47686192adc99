# Functions for the suites of this folder and of crash/; sourced by bash.
# A suite sets: work (a folder of its own). Every check is one line of output.
#
# What is waited for may take minutes: a machine that is slow or busy is no failure. Only what never comes is one.

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
    local port=$1 tries=$((${2:-240} * 20)) pid=${3:-}
    while [ "$tries" -gt 0 ]; do
        if (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then return 0; fi
        [ -z "$pid" ] || kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.05
        tries=$((tries - 1))
    done
    echo "nobody listens on port $port" >&2
    return 1
}

# wait_log FILE REGEX [SECONDS]: until a line of the file fits; shows it, or the end of the file.
wait_log() {
    local file=$1 regex=$2 tries=$((${3:-120} * 10))
    until grep -aE -m1 -- "$regex" "$file" 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { echo "no line fits $regex in $file:"; tail -n 12 "$file"; return 1; }
        sleep 0.1
    done
}

# wait_address HOST PORT [PID]: as wait_port, at another loopback address.
wait_address() {
    local tries=1200
    until (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] && [ -z "${3:-}" -o -e "/proc/${3:-}/exe" ] || { echo "nobody listens at $1:$2"; return 1; }
        sleep 0.1
    done
}

# free_base BASE...: the first of these above which nobody listens: a run that was killed may have left servers. Below
# 32768, where no connection going out takes a port.
free_base() {
    local base port
    for base; do
        for port in 24 25 143 465 587 993 1000 1001 1002 1003 2025 2026 2027 2053 2054 2055 2143 3143 3587 4143 4587; do
            if (exec 3<>"/dev/tcp/127.0.0.1/$((base + port))") 2>/dev/null; then continue 2; fi
        done
        echo "$base"
        return 0
    done
    echo "somebody listens above each of $*" >&2
    return 1
}

# start_mansio BASE DATA: sets mansio_pid. Ports: BASE + the well-known one.
start_mansio() {
    local base=$1 data=$2
    "$root/mansio" serve --local="$base" --data "$data" >>"$work/server.log" 2>&1 </dev/null &
    mansio_pid=$!
    wait_port $((base + 25)) 240 "$mansio_pid" && wait_port $((base + 143)) 240 "$mansio_pid" &&
        kill -0 "$mansio_pid" || {
        echo "the server did not start:" >&2
        tail -n 40 "$work/server.log" >&2
        return 1
    }
}

# stop_mansio: asks it to end, and kills it when it has not after two minutes.
stop_mansio() {
    local tries=1200
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
